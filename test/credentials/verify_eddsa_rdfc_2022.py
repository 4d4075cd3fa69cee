"""Verifies an eddsa-rdfc-2022 proof with nothing of this project: pyld and cryptography.

Reads the contexts by address as the first JSON line, then {"text" (of the credential), "publicKey" (32 bytes in hex)} as further
ones, and writes "true" or "false" for each.
"""
import json
import sys
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pyld import jsonld

ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
UNKNOWN = 'urn:unknown-term#'
CONTEXTS = json.loads(sys.stdin.readline())


def loader(url, _):
    return {'contextUrl': None, 'documentUrl': url, 'document': CONTEXTS[url], 'contentType': 'application/ld+json'}


def canonical_hash(part):
    options = {'algorithm': 'URDNA2015', 'format': 'application/n-quads', 'documentLoader': loader}
    return sha256(jsonld.normalize(part, options).encode()).digest()


def has_meaning(part):
    # pyld drops terms that no context knows, which a signature then does not cover. With this context they have a name to be seen by.
    contexts = part['@context'] + [{'@vocab': UNKNOWN}]
    return UNKNOWN not in json.dumps(jsonld.expand({**part, '@context': contexts}, {'documentLoader': loader}))


def verified(text, public_key):
    try:
        document = json.loads(text)
        proof = document.pop('proof')[0]
        multibase = proof.pop('proofValue')
        if proof['type'] != 'DataIntegrityProof' or proof['cryptosuite'] != 'eddsa-rdfc-2022' or multibase[0] != 'z':
            return False
        number = 0
        for character in multibase[1:]:
            number = number * 58 + ALPHABET.index(character)
        proof['@context'] = document['@context']
        if not has_meaning(document):
            return False
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(number.to_bytes(64, 'big'), canonical_hash(proof) + canonical_hash(document))
        return True
    except (InvalidSignature, OverflowError, ValueError, KeyError, IndexError, TypeError, AttributeError, jsonld.JsonLdError):
        return False


for line in sys.stdin:
    given = json.loads(line)
    print(json.dumps(verified(given['text'], given['publicKey'])), flush=True)
