"""Verifies an eddsa-rdfc-2022 proof with nothing of this project: pyld and cryptography.

Reads {"document", "publicKey" (32 bytes in hex), "contexts" (by address)} as JSON lines, writes "true" or "false" for each.
"""
import json
import sys
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pyld import jsonld

ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'


def verified(document, public_key, contexts):
    def loader(url, _):
        return {'contextUrl': None, 'documentUrl': url, 'document': contexts[url], 'contentType': 'application/ld+json'}

    def canonical_hash(part):
        options = {'algorithm': 'URDNA2015', 'format': 'application/n-quads', 'documentLoader': loader}
        return sha256(jsonld.normalize(part, options).encode()).digest()

    proof = document.pop('proof')[0]
    number = 0
    for character in proof.pop('proofValue')[1:]:
        number = number * 58 + ALPHABET.index(character)
    proof['@context'] = document['@context']
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(number.to_bytes(64, 'big'), canonical_hash(proof) + canonical_hash(document))
        return True
    except (InvalidSignature, OverflowError, ValueError, KeyError, jsonld.JsonLdError):
        return False


for line in sys.stdin:
    given = json.loads(line)
    print(json.dumps(verified(given['document'], given['publicKey'], given['contexts'])), flush=True)
