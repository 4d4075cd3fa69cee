#!/usr/bin/env -S node --max-semi-space-size=32
import { Command, InvalidArgumentError, Option } from 'commander';
import { LANGUAGES, TEMPLATES, type Language, type Template } from '#credentials/certificate/certificate.js';
import { AWARD_STATES, type AwardState } from '#domain/award.js';
import { messageOf, ProofmarkError } from '#domain/errors.js';
import { loadConfig, type EngineConfig } from '#engine/config.js';
import type { Role } from '#engine/engines-config.js';
import { keepHeapSmall } from '#engine/heap.js';
import { publicUrlOf } from '#engine/public-url.js';
import { isId } from '#intake/field-values.js';
import { ALL_PROJECTIONS } from '#projections/all.js';
import { KEY_ALGORITHMS, type KeyAlgorithm } from '#domain/issuer-event.js';
import { CONSENTS, type ConsentTo } from '#domain/consent.js';
import { DEAD_LETTER_REASONS } from '#domain/dead-letter.js';
import type { LetterFilter } from './dead-letters.js';
import { EXIT } from './exit-codes.js';
import { FORMATS, type Format } from './formats.js';
import type { VerifyOptions } from './verify.js';

/** It stays in the log for good, where there are no addresses of people. */
const roleOfStaff = (text: string): string => {
  if (!isId(text) || /[@＠﹫]/.test(text)) throw new InvalidArgumentError('It must be 1 to 200 characters that name a role or a staff number, and no e-mail address: it stays in the log.');
  return text;
};

interface CommonOptions {
  readonly data?: string;
  readonly rules?: readonly string[];
  readonly tenant?: string;
}

/** Where the stores are servers, workers do the rest: a command does what it is for, and waits for them. */
const configOf = ({ data, rules, tenant }: CommonOptions, roles: readonly Role[] = []): EngineConfig => {
  const config = loadConfig(process.env, {
    ...(data !== undefined && { dataDir: data }),
    ...(rules !== undefined && { rulesDirs: rules }),
    ...(tenant !== undefined && { tenant }),
  });
  return config.eventStoreUri === undefined ? config : { ...config, roles, alone: true };
};

const common = (command: Command): Command =>
  command
    .option('--data <dir>', 'data directory (default: ./data, or PROOFMARK_DATA)')
    .option('--rules <dir...>', 'directories of rule files (default: ./rules, or PROOFMARK_RULES)')
    .option('--tenant <name>', 'tenant (default: "default", or PROOFMARK_TENANT)');

const exitCodeOf = (error: ProofmarkError): number => {
  if (error.code === 'USAGE') return EXIT.usage;
  if (error.code === 'STORE_LOCKED') return EXIT.locked;
  return error.code === 'NOT_FOUND' ? EXIT.notFound : EXIT.failed;
};

/*
 * What a command needs is loaded when it is the one that runs: the store, the rules, the signatures and the pictures take longer
 * to load than most commands to run, and help needs none of them.
 */

/** Runs a command and turns what becomes of it into an exit code. */
const run =
  <Args extends readonly unknown[]>(action: (...args: Args) => Promise<number>) =>
  async (...args: Args): Promise<void> => {
    try {
      process.exitCode = await action(...args);
    } catch (error) {
      if (!(error instanceof ProofmarkError)) console.error(error);
      console.error(`proofmark: ${messageOf(error)}`);
      process.exitCode = error instanceof ProofmarkError ? exitCodeOf(error) : EXIT.failed;
    }
  };

keepHeapSmall();

const program = new Command('proofmark')
  .description('Learning events in, evidenced badges out.')
  .showHelpAfterError('(see "proofmark --help")')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.ok : EXIT.usage)) // before the commands, which take it over
  .addHelpText(
    'after',
    `
Exit codes: 0 done; 1 failed; 2 wrong usage; 3 the data directory is in use by another process;
4 done, but some deliveries became dead letters; 5 not found; 10 to 15 what "verify" found; 130 interrupted.`,
  );

common(program.command('import'))
  .description('import learning events from files (NDJSON, plain or .gz; "-" is standard input) and award what they earn')
  .argument('<file...>', 'files to import, in this order')
  .addOption(new Option('--format <format>', 'format of the files').choices(FORMATS).default('proofmark'))
  .addHelpText('after', '\nExample:\n  proofmark import term.ndjson.gz --data ./data --rules ./rules')
  .action(
    run(async (files: readonly string[], options: CommonOptions & { readonly format: Format }) =>
      (await import('./import.js')).importFiles({ config: configOf(options), files, format: options.format }),
    ),
  );

interface IssueFlags extends CommonOptions {
  readonly csv: string;
  readonly badge: string;
  readonly by: string;
  readonly reason?: string;
  readonly date?: string;
  readonly map?: readonly string[];
  readonly template?: Template;
  readonly language?: Language;
  readonly preview?: true;
  readonly yes?: true;
  readonly zip?: string;
  readonly errors?: string | true;
}

const errorsFile = ({ errors, zip, csv }: IssueFlags): string | undefined => {
  if (errors !== true) return errors;
  return `${(zip ?? (csv === '-' ? 'batch' : csv)).replace(/\.(zip|csv)$/i, '')}.errors.csv`;
};

common(program.command('issue'))
  .description('give a badge to everybody in a CSV file, with certificates as PDF and PNG in a ZIP file')
  .requiredOption('--csv <file>', 'the file, its first line naming the columns ("-" is standard input)')
  .requiredOption('--badge <badge>', 'the badge; its rule has the criterion "approval"')
  .requiredOption('--by <role>', 'who gives it, for the record: a role or staff number', roleOfStaff)
  .option('--reason <text>', 'why, for rows that do not say; it becomes part of the badge')
  .option('--date <date>', 'when it was achieved, for rows that do not say (default: now)')
  .option('--map <field=column...>', 'which column says what (learner, email, name, date, reason, evidence, language); what is not said is guessed')
  .addOption(new Option('--template <template>', "design of the certificates (default: the issuer's)").choices(TEMPLATES))
  .addOption(new Option('--language <language>', "language of the certificates, for rows that do not say (default: the badge's)").choices(LANGUAGES))
  .option('--preview', 'only show what would happen')
  .option('--yes', 'do not ask')
  .option('--zip <file>', 'write certificates and credentials of everybody in the file who has the badge into this ZIP file')
  .option('--errors [file]', 'write the bad rows to this file (default: named after the ZIP file or the CSV file, ….errors.csv)')
  .addHelpText(
    'after',
    `
The file may be UTF-8, UTF-16 or CP949 (Korean Excel), separated by commas, semicolons or tabs. A column has to say who: a learner
id or an e-mail address. The same file again gives nobody anything twice. Names and addresses are not kept, but in the ZIP file.

Examples:
  proofmark issue --csv people.csv --badge workshop --by hr --preview
  proofmark issue --csv people.csv --badge workshop --by hr --reason "Spring workshop" --zip workshop.zip
  proofmark issue --csv people.csv --badge workshop --by hr --map learner=사번 --map name=성명 --yes --zip out.zip --errors

Exit codes: 0 done; 1 failed, or the answer was no; 2 wrong usage; 3 the data directory is in use; 4 done, but some rows are bad;
5 no such badge or file; 130 interrupted.`,
  )
  .action(
    run(async (options: IssueFlags) => {
      const { csv, badge, by, reason, date, map = [], template, language, zip } = options;
      const errors = errorsFile(options);
      return (await import('./issue.js')).issueFromFile({
        config: configOf(options),
        csv,
        badge,
        by,
        map,
        preview: options.preview === true,
        yes: options.yes === true,
        ...(reason !== undefined && { reason }),
        ...(date !== undefined && { date }),
        ...(template && { template }),
        ...(language && { language }),
        ...(zip !== undefined && { zip }),
        ...(errors !== undefined && { errors }),
      });
    }),
  );

common(program.command('awards'))
  .description('list awards')
  .option('--badge <badge>', 'only of this badge')
  .option('--learner <learner>', 'only of this learner')
  .addOption(new Option('--state <state>', 'only in this state').choices(AWARD_STATES))
  .option('--ndjson', 'one JSON object a line')
  .action(
    run(async (options: CommonOptions & { readonly badge?: string; readonly learner?: string; readonly state?: AwardState; readonly ndjson?: true }) => {
      const { badge, learner, state } = options;
      return (await import('./awards.js')).printAwards({
        config: configOf(options),
        ...(badge !== undefined && { badge }),
        ...(learner !== undefined && { learner }),
        ...(state !== undefined && { state }),
        ndjson: options.ndjson === true,
      });
    }),
  );

common(program.command('explain'))
  .description('why a learner has a badge, or what is missing, criterion by criterion')
  .requiredOption('--learner <learner>', 'the learner, as the source names it')
  .requiredOption('--badge <badge>', 'the badge')
  .option('--period <period>', 'of a badge that recurs: which period (default: the present one)')
  .option('--json', 'the whole explanation as JSON')
  .action(
    run(async (options: CommonOptions & { readonly learner: string; readonly badge: string; readonly period?: string; readonly json?: true }) =>
      (await import('./explain.js')).explainBadge({
        config: configOf(options),
        learner: options.learner,
        badge: options.badge,
        json: options.json === true,
        ...(options.period !== undefined && { period: options.period }),
      }),
    ),
  );

common(program.command('rebuild'))
  .description('build a projection anew from the log; the old one serves until the new one has caught up')
  .argument('<projection>', `one of ${ALL_PROJECTIONS.map(({ name }) => name).join(', ')}`)
  .action(run(async (projection: string, options: CommonOptions) => (await import('./rebuild.js')).rebuildProjection(configOf(options), projection)));

program
  .command('config')
  .description('every setting, what it comes to here, and whether the environment says so; passwords are not shown')
  .option('--json', 'as JSON')
  .action(run(async ({ json }: { readonly json?: true }) => (await import('./config.js')).printConfig(process.env, json === true)));
program
  .command('verify-log')
  .description('read the whole event log: is every event there, in its order, and as it was written')
  .option('--data <dir>', 'data directory (default: ./data, or PROOFMARK_DATA)')
  .option('--json', 'the result as JSON; progress as JSON lines on standard error')
  .addHelpText('after', '\nNothing is written, and an engine may run meanwhile. About five seconds for a million events.\n\nExit codes: 0 intact; 1 damaged; 2 wrong usage; 5 no event log there.')
  .action(run(async (options: CommonOptions & { readonly json?: true }) => (await import('./verify-log.js')).verifyEventLog(configOf(options), options.json === true)));
const wholeNumber = (text: string): number => {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
};

const audit = program.command('audit').description('whether somebody has changed what is recorded: verify, show the newest checkpoint, prove');
const inData = (command: Command): Command => command.option('--data <dir>', 'data directory (default: ./data, or PROOFMARK_DATA)');

inData(audit.command('verify'))
  .description('work out from the log what was recorded, and hold it against the kept tree and every signed checkpoint')
  .option('--checkpoint <file...>', 'files with checkpoints that you kept elsewhere', [])
  .option('--key <key>', 'the key that you noted, as one line, or a file with such lines (default: the one in the data directory)')
  .option('--json', 'the result as JSON; progress as JSON lines on standard error')
  .addHelpText(
    'after',
    `
It finds every record that was edited, removed, put in, moved or cut off, and says where and which checkpoint covered it.
Nothing is written, and an engine may run meanwhile. About fifteen seconds for a million records.

Examples:
  proofmark audit verify
  proofmark audit verify --checkpoint /mnt/copies/2026-10-03.notes --key /mnt/copies/verifier-keys

Exit codes: 0 as it was recorded; 1 not so; 2 wrong usage; 5 no log or no audit there.`,
  )
  .action(
    run(async ({ checkpoint, key, json, ...options }: CommonOptions & { readonly checkpoint: readonly string[]; readonly key?: string; readonly json?: true }) =>
      (await import('./audit-verify.js')).verifyAudit({ config: configOf(options), checkpoints: checkpoint, ...(key !== undefined && { key }), json: json === true }),
    ),
  );

inData(audit.command('checkpoint'))
  .description('print the newest signed checkpoint, to keep it elsewhere')
  .action(run(async (options: CommonOptions) => (await import('./audit-proofs.js')).printCheckpoint(configOf(options))));

inData(audit.command('prove'))
  .description('print a proof as JSON: that an award was granted, that a record is in the log, or that nothing was changed since a checkpoint')
  .argument('[award]', 'the award, as "proofmark awards" names it')
  .option('--position <n>', 'the record at this position of the log', wholeNumber)
  .option('--since <file>', 'that the newest checkpoint continues the one in this file')
  .addHelpText('after', '\nA proof of a record holds the record itself, with whom it is about.\n\nExample:\n  proofmark audit prove 3f0c… > proof.json\n\nExit codes: 0 proved; 1 it cannot be proved; 2 wrong usage; 5 no such award, position or checkpoint.')
  .action(
    run(async (award: string | undefined, { position, since, ...options }: CommonOptions & { readonly position?: number; readonly since?: string }) =>
      (await import('./audit-proofs.js')).printProof(configOf(options), { ...(award !== undefined && { award }), ...(position !== undefined && { position }), ...(since !== undefined && { since }) }),
    ),
  );

audit
  .command('check-proof')
  .description('check such a proof; it takes the key and no data directory')
  .argument('<file>', 'the proof')
  .option('--key <key>', 'the key of the log, as one line, or a file with such lines')
  .addHelpText('after', '\nExit codes: 0 it holds; 1 it does not; 2 wrong usage; 5 no such file; 14 it cannot be told, since no key is named.')
  .action(run(async (file: string, { key }: { readonly key?: string }) => (await import('./audit-proofs.js')).checkProofFile(file, key)));

program
  .command('backup')
  .description('copy everything of a data directory that cannot be made anew, while an engine runs on it or not')
  .argument('<place>', 'a directory that is not there yet, a file whose name ends with .tar, or "-": a tar archive on standard output')
  .option('--data <dir>', 'data directory (default: ./data, or PROOFMARK_DATA)')
  .option('--with-passphrase', 'also the passphrase of the signing keys, where it is in the data directory; who has such a backup can sign badges')
  .addHelpText(
    'after',
    `
The place gets the backup when it is whole; nothing is written over. The event log is copied as it is at one position and then
checked. The read models are left out, since they are made anew from the log. So is the passphrase of the signing keys: keep it
apart from the backups, which cannot sign without it. Rules and settings are no part of the data directory.
An archive is put together in the directory for temporary files first (TMPDIR), which has to have room for it.

Examples:
  proofmark backup /mnt/backups/proofmark-$(date +%F)
  proofmark backup /mnt/backups/proofmark.tar --data ./data
  proofmark backup - | gzip | age -r RECIPIENT | ssh elsewhere 'cat > proofmark.tar.gz.age'

Exit codes: 0 the backup is whole; 1 failed, and there is none; 2 wrong usage; 3 another process makes the same backup;
5 no data there.`,
  )
  .action(run(async (place: string, options: CommonOptions & { readonly withPassphrase?: true }) => (await import('./backup/backup.js')).backUp(configOf(options), place, options.withPassphrase === true)));
program
  .command('backup-verify')
  .description('whether a backup is whole: every file as it was copied, the event log event by event, and the signing keys')
  .argument('<place>', 'the directory, the tar archive, or "-": an archive on standard input')
  .option('--json', 'the result as JSON')
  .addHelpText(
    'after',
    `
The signing keys are tried where their passphrase is in the backup or named by PROOFMARK_KEY_PASSPHRASE_FILE. Nothing of the
backup is changed; an archive is unpacked in the directory for temporary files (TMPDIR).

Examples:
  proofmark backup-verify /mnt/backups/proofmark-2026-03-01
  gunzip -c proofmark.tar.gz | proofmark backup-verify -

Exit codes: 0 whole; 1 damaged or cut off; 2 wrong usage; 5 no backup there.`,
  )
  .action(run(async (place: string, options: { readonly json?: true }) => (await import('./backup/verify-backup.js')).verifyBackup(place, configOf({}).keyPassphraseFile, options.json === true)));
program
  .command('restore')
  .description('make a data directory from a backup')
  .argument('<place>', 'the directory, the tar archive, or "-": an archive on standard input')
  .requiredOption('--data <dir>', 'data directory to make; it must not be there, or be empty')
  .addHelpText(
    'after',
    `
Every file is checked while it is written, and the data directory is there when all of it is. It says what is left to do.

Examples:
  proofmark restore /mnt/backups/proofmark-2026-03-01 --data ./data
  ssh elsewhere 'cat proofmark.tar.gz.age' | age -d -i key.txt | gunzip | proofmark restore - --data ./data

Exit codes: 0 restored; 1 failed, or the backup is damaged: nothing was restored; 2 wrong usage, or the data directory is not empty;
3 another process restores to there; 5 no backup there.`,
  )
  .action(run(async (place: string, { data }: { readonly data: string }) => (await import('./backup/restore.js')).restoreBackup(place, data)));
program
  .command('verify')
  .description('whether a badge is genuine and holds: a file (JSON, signed token, PNG or SVG), its code, an address, or "-" for standard input')
  .argument('<badge>', 'the file, the code or the address')
  .option('--issuer <file...>', 'saved documents of issuers that you trust: their DID document, or their profile with its keys', [])
  .option('--status <file...>', 'saved status lists of issuers', [])
  .option('--online', 'ask issuers for what is not saved; without it nothing leaves this machine')
  .option('--loopback', 'with --online: this machine may be asked as well, without encryption (to try out an engine)')
  .option('--engine <url>', 'the engine that is asked about a code (default: PROOFMARK_URL, or that of the data directory)')
  .option('--data <dir>', 'data directory (default: ./data, or PROOFMARK_DATA)')
  .option('--json', 'the report as JSON')
  .addHelpText(
    'after',
    `
Examples:
  proofmark verify 7K3M-9QTX-2HBW-5RZC
  proofmark verify badge.png --online
  proofmark verify badge.json --issuer did.json --status revocation.json --status suspension.json

Exit codes: 0 valid; 10 invalid; 11 expired; 12 suspended; 13 revoked; 14 it cannot be told (an issuer or a list is not known);
15 of a kind that is not verified here; 1 failed; 2 wrong usage; 5 the file does not exist.`,
  )
  .action(
    run(async (badge: string, options: Omit<VerifyOptions, 'badge' | 'engine'> & CommonOptions & { readonly engine?: string }) => {
      const { dataDir, publicUrl, port } = configOf(options);
      return (await import('./verify.js')).verifyGiven({ ...options, badge, engine: options.engine ?? (await publicUrlOf(dataDir, publicUrl, port)) });
    }),
  );

const learner = program.command('learner').description("a learner's personal data: see and change it, export it, erase it");

interface ProfileFlags extends CommonOptions {
  readonly name?: string;
  readonly email?: string;
  readonly language?: string;
  readonly consent?: readonly ConsentTo[];
  readonly withdraw?: readonly ConsentTo[];
}

common(learner.command('profile'))
  .description('what is kept about a learner in the vault; with options, changes it first ("" takes a value away)')
  .argument('<learner>', 'the learner id, or the e-mail address that class systems use as one')
  .option('--name <name>', 'the name')
  .option('--email <address>', 'the e-mail address')
  .option('--language <tag>', 'the preferred language, like ko')
  .addOption(new Option('--consent <what...>', 'to what the learner consents from now on').choices(CONSENTS))
  .addOption(new Option('--withdraw <what...>', 'to what the learner does not consent any more').choices(CONSENTS))
  .action(
    run(async (id: string, options: ProfileFlags) => {
      const profile = Object.fromEntries(
        (['name', 'email', 'language'] as const).flatMap((field) => (options[field] === undefined ? [] : [[field, options[field] === '' ? null : options[field]]])),
      );
      return (await import('./learner.js')).learnerProfileOf(configOf(options), id, { profile, given: options.consent ?? [], withdrawn: options.withdraw ?? [] });
    }),
  );

common(learner.command('export'))
  .description('write everything that is kept about a learner into a ZIP file: JSON, with a README')
  .argument('<learner>', 'the learner id, or the e-mail address that class systems use as one')
  .requiredOption('--zip <file>', 'the file')
  .action(run(async (id: string, options: CommonOptions & { readonly zip: string }) => (await import('./learner.js')).exportLearnerTo(configOf(options), id, options.zip)));

common(learner.command('erase'))
  .description('erase a learner for good: names, addresses, dead letters, awards, credentials, pages; shows first what will go')
  .argument('<learner>', 'the learner id, or the e-mail address that class systems use as one')
  .requiredOption('--by <role>', 'who asks for it, for the record: a role or staff number', roleOfStaff)
  .option('--reason <text>', 'why, for the record, without a name', 'asked for by the learner')
  .option('--yes', 'do not ask')
  .action(
    run(async (id: string, options: CommonOptions & { readonly by: string; readonly reason: string; readonly yes?: true }) =>
      (await import('./learner.js')).eraseLearnerFor(configOf(options, ['issue']), { learner: id, by: options.by, reason: options.reason, yes: options.yes === true }),
    ),
  );

common(program.command('erasures').description('erasures of learners').command('replay'))
  .description('after a restore from a backup: erase again who was erased since')
  .argument('<file>', 'the erasures.ndjson that was kept outside of the backup')
  .action(run(async (file: string, options: CommonOptions) => (await import('./learner.js')).replayErasures(configOf(options, ['issue']), file)));

const keys = program.command('keys').description('the keys with which badges are signed: list, rotate, give up');
type KeyOptions = CommonOptions & { readonly by?: string };

common(keys.command('list'))
  .description('the keys of an issuer: which sign, which are retired and still verify, which were given up')
  .argument('<issuer>', 'the issuer, as rules name it; the tenant where they name none')
  .action(run(async (issuer: string, options: KeyOptions) => (await import('./keys.js')).issuerKeys(configOf(options, ['issue']), issuer, undefined, { act: 'list' })));

common(keys.command('rotate'))
  .description('make a new key, which signs from now on; what the one before has signed goes on verifying')
  .argument('<issuer>', 'the issuer')
  .addOption(new Option('--algorithm <algorithm>', 'which key: Ed25519 signs credentials, ES256 and RS256 their JSON Web Tokens').choices(KEY_ALGORITHMS).default('Ed25519'))
  .option('--by <role>', 'who does it, for the record', roleOfStaff)
  .action(
    run(async (issuer: string, options: KeyOptions & { readonly algorithm: KeyAlgorithm }) =>
      (await import('./keys.js')).issuerKeys(configOf(options, ['issue']), issuer, options.by, { act: 'rotate', algorithm: options.algorithm }),
    ),
  );

common(keys.command('compromised'))
  .description('give a key up that somebody else may know: it verifies nothing any more, and all that it signed is signed anew')
  .argument('<issuer>', 'the issuer')
  .argument('<key>', 'the key, as "keys list" names it')
  .requiredOption('--reason <text>', 'what happened, for the record')
  .option('--by <role>', 'who does it, for the record', roleOfStaff)
  .addHelpText('after', '\nCodes and links of badges stay as they are. Copies that holders have downloaded no longer verify: they download them again.')
  .action(
    run(async (issuer: string, kid: string, options: KeyOptions & { readonly reason: string }) =>
      (await import('./keys.js')).issuerKeys(configOf(options, ['issue']), issuer, options.by, { act: 'compromised', kid, reason: options.reason }),
    ),
  );

common(keys.command('reissue'))
  .description('sign everything anew that an issuer has issued, under the same codes: after a change of PROOFMARK_URL or of its profile')
  .argument('<issuer>', 'the issuer')
  .requiredOption('--reason <text>', 'why, for the record')
  .option('--by <role>', 'who does it, for the record', roleOfStaff)
  .action(
    run(async (issuer: string, options: KeyOptions & { readonly reason: string }) =>
      (await import('./keys.js')).issuerKeys(configOf(options, ['issue']), issuer, options.by, { act: 'reissue', reason: options.reason }),
    ),
  );

const rules = program.command('rules').description('award rules: check them, try them on what is recorded, publish, retire');

common(rules.command('backtest'))
  .description('try a rule on everything that is recorded: who would have earned the badge and when, what filters the others out')
  .argument('<rule>', 'a rule file, a badge (its live rule), or badge@version')
  .option('--against <version>', 'compare with another version: its number, "live", or a rule file')
  .option('--learner <learner...>', 'only these learners')
  .option('--limit <n>', 'how many of each kind are listed; all are counted', wholeNumber, 20)
  .option('--json', 'the result as JSON; progress as JSON lines on standard error')
  .addHelpText(
    'after',
    `
Nothing is written. Ctrl+C ends it: what was done so far is printed, marked as partial (exit code 130).

Examples:
  proofmark rules backtest rules/sql-foundations.yaml
  proofmark rules backtest draft.yaml --against live
  proofmark rules backtest sql-foundations@3 --against 2 --limit 1000 --json > changes.json`,
  )
  .action(
    run(async (rule: string, options: CommonOptions & { readonly against?: string; readonly learner?: readonly string[]; readonly limit: number; readonly json?: true }) =>
      (await import('./rules-backtest.js')).backtestRule({
        config: configOf(options),
        rule,
        json: options.json === true,
        limit: options.limit,
        ...(options.against !== undefined && { against: options.against }),
        ...(options.learner && { learners: options.learner }),
      }),
    ),
  );

common(rules.command('publish'))
  .description('publish rule files: shows what will happen, then does it; content that is live already changes nothing')
  .argument('<file...>', 'rule files; none is published where one is wrong')
  .option('--backfill', 'a new version also judges what is on record, after showing what that changes and asking')
  .option('--yes', 'do not ask')
  .option('--by <role>', 'who publishes, for the record', roleOfStaff)
  .addHelpText(
    'after',
    `
Without --backfill a new version decides about each learner from their next event on; a first version also awards what
was earned before. Publishing brings a retired badge back.

Examples:
  proofmark rules publish rules/sql-foundations.yaml --by teaching-office
  proofmark rules publish rules/sql-foundations.yaml --backfill --yes`,
  )
  .action(
    run(async (files: readonly string[], options: CommonOptions & { readonly backfill?: true; readonly yes?: true; readonly by?: string }) =>
      (await import('./rules-publish.js')).publishRuleFiles({
        config: configOf(options),
        files,
        backfill: options.backfill === true,
        yes: options.yes === true,
        ...(options.by !== undefined && { by: options.by }),
      }),
    ),
  );

common(rules.command('retire'))
  .description('nobody earns the badge any more; awards stay, and are still judged by their versions')
  .argument('<badge>', 'the badge')
  .requiredOption('--reason <text>', 'why, for the record')
  .option('--by <role>', 'who retires it, for the record', roleOfStaff)
  .addHelpText('after', '\nExample:\n  proofmark rules retire sql-foundations --reason "replaced by sql-basics" --by teaching-office')
  .action(
    run(async (badge: string, options: CommonOptions & { readonly reason: string; readonly by?: string }) => (await import('./rules-publish.js')).retireBadge(configOf(options), badge, options.reason, options.by)),
  );

const deadLetters = program.command('dead-letters').description('deliveries that could not be recorded, kept with their reason');
const reason = (): Option => new Option('--reason <reason>', 'only with this reason').choices(DEAD_LETTER_REASONS);

common(deadLetters.command('list'))
  .description('list dead letters, oldest first')
  .addOption(reason())
  .addOption(new Option('--state <state>', 'only in this state').choices(['open', 'replayed', 'erased']))
  .option('--ndjson', 'one JSON object a line')
  .action(
    run(async (options: CommonOptions & LetterFilter & { readonly ndjson?: true }) =>
      (await import('./dead-letters.js')).listDeadLetters(configOf(options), options, options.ndjson === true),
    ),
  );

common(deadLetters.command('replay'))
  .description('send dead letters through intake again, once their cause is gone')
  .argument('[letter]', 'id of one dead letter; where absent all open ones, but for those whose sender was not entitled: name their reason')
  .addOption(reason())
  .action(
    run(async (letter: string | undefined, options: CommonOptions & LetterFilter) =>
      (await import('./dead-letters.js')).replayDeadLetters(configOf(options), letter, options),
    ),
  );

const ruleDirs = (named: readonly string[]): readonly string[] => (named.length > 0 ? named : configOf({}).rulesDirs);

rules
  .command('lint')
  .description('what is wrong in rules, what is weak in the design of their badges, and a score from 0 to 100 for each')
  .argument('[path...]', 'rule files or directories of them (default: ./rules, or PROOFMARK_RULES)')
  .option('--data <dir>', 'also look up courses, activities, tags and badges in this data directory, and how many learners earn each badge (a backtest)')
  .option('--tenant <name>', 'tenant (default: "default", or PROOFMARK_TENANT)')
  .option('--strict', 'warnings fail as well')
  .option('--json', 'everything as JSON, in English and Korean')
  .addHelpText('after', '\nExamples:\n  proofmark rules lint\n  proofmark rules lint rules/team-player.yaml --data ./data\n\nExit codes: 0 no errors; 1 errors (with --strict also warnings); 2 wrong usage; 5 no rules or no data there; 130 interrupted\nwhile it looked at award rates.')
  .action(
    run(async (paths: readonly string[], options: CommonOptions & { readonly strict?: true; readonly json?: true }) =>
      (await import('./rules-lint.js')).lintFiles({
        paths: ruleDirs(paths),
        json: options.json === true,
        strict: options.strict === true,
        ...(options.data !== undefined && { data: configOf(options) }),
      }),
    ),
  );

rules
  .command('test')
  .description('run the example cases beside rules: <rule>.cases.yaml next to <rule>.yaml')
  .argument('[path...]', 'rule files or directories of them (default: ./rules, or PROOFMARK_RULES)')
  .option('--strict', 'a rule without cases fails as well')
  .option('--json', 'everything as JSON')
  .addHelpText('after', '\nExamples:\n  proofmark rules test\n  proofmark rules test rules/team-player.yaml\n\nExit codes: 0 all cases came out as expected; 1 some did not, or cannot be read; 2 wrong usage; 5 no rules there.')
  .action(
    run(async (paths: readonly string[], options: { readonly strict?: true; readonly json?: true }) =>
      (await import('./rules-test.js')).testFiles({ paths: ruleDirs(paths), json: options.json === true, strict: options.strict === true }),
    ),
  );

// A reader such as "head" that has seen enough is no failure, except of a backup.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? EXIT.ok);
  throw error;
});

await program.parseAsync();
