#!/usr/bin/env python3
"""Measures `resolve`: distinct errors against a generated export, compared with reading the same export and judging nothing.

    Benchmarks/resolve.py --program .build/release/dirsync-lint EXPORT.ldif [--errors 10000] [--rounds 5]
    Benchmarks/resolve.py --program .build/release/dirsync-lint --connector-space 500

The first form writes error material that names objects of the export: connector-space DNs of their source anchors, GUIDs as
DirSync wrote them, conflicts of addresses. Target: at most 1.6 times the CPU time of `lint --rule-set none --threads 1`.
The second form writes a connector-space export of so many MB and reads it. Target: less than 200 MB of memory.

Times are CPU seconds, user and system, of the whole process; the median of the rounds. Exit status: 0 measured, 1 a target
was missed or an error was not resolved, 2 cannot measure.
"""

import argparse
import base64
import json
import os
import statistics
import sys
import tempfile
import time
import uuid


def run(arguments, stdin=os.devnull, stdout=os.devnull):
    """CPU seconds, megabytes of peak memory and exit status of a command."""
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, stdin, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, stdout, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
        (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
    ]
    started = time.monotonic()
    child = os.posix_spawn(arguments[0], arguments, os.environ, file_actions=actions)
    _, status, usage = os.wait4(child, 0)
    wall = time.monotonic() - started
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status), wall


def objects(path, wanted):
    """objectGUID and primary address of entries spread over an export; folded lines are joined."""
    size = os.path.getsize(path)
    found = []
    with open(path, "rb") as export:
        step = size // (wanted * 12 // 10 + 1)
        for position in range(0, size, max(1, step)):
            export.seek(position)
            block = export.read(24_000).replace(b"\r\n", b"\n").replace(b"\n ", b"")
            for record in block.split(b"\n\n")[1:-1]:
                lines = record.split(b"\n")
                guid = next((line[13:] for line in lines if line.startswith(b"objectGUID:: ")), None)
                address = next((line[16:] for line in lines if line.startswith(b"proxyAddresses: SMTP:")), None)
                if guid and address and address.isascii() and b";" not in address and b"]" not in address:
                    found.append((guid.decode(), address.decode()))
                    break
            if len(found) == wanted:
                break
    if len({guid for guid, _ in found}) < wanted:
        sys.exit(f"{path}: only {len(found)} entries with an address were found")
    return found


def material(path, found):
    """Writes an error for each object, in turn of three kinds."""
    with open(path, "w", encoding="ascii") as text:
        for number, (anchor, address) in enumerate(found):
            if number % 3 == 0:
                guid = uuid.UUID(bytes_le=base64.b64decode(anchor))
                text.write(
                    "The TargetWebService Connector export cycle has stopped.  Object with DN "
                    f"CN={guid} failed validation for the following attributes: proxyAddresses. Please refer to "
                    "documentation for information on object attribute validation.\n\n"
                )
                continue
            detail = (
                "Unable to update this object because the following attributes associated with this object have values "
                "that may already be associated with another object in your local directory services: "
                f"[ProxyAddresses {address};]. Correct or remove the duplicate values in your local directory."
                if number % 3 == 1
                else "Unable to update this object in Azure Active Directory, because the attribute "
                "[FederatedUser.UserPrincipalName], is not valid. Update the value in your local directory services."
            )
            name = "AttributeValueMustBeUnique" if number % 3 == 1 else "DataValidationFailed"
            text.write(
                f"ECMA2 MA export run caused an error. \n\nDN: CN={{{anchor.encode().hex().upper()}}}\n"
                f"Error Name: {name}\nError Detail: {detail} Tracking Id: {uuid.uuid4()}\n\n"
            )


def connector_space(path, megabytes):
    """Writes an export of the cloud's connector space."""
    with open(path, "w", encoding="utf-8") as text:
        text.write('<?xml version="1.0" encoding="UTF-8"?>\n<cs-objects>\n')
        number = 0
        while text.tell() < megabytes << 20:
            for _ in range(1000):
                guid = uuid.UUID(int=0x3F2504E04F8941D39A0C0305E82C3301 + number)
                anchor = base64.b64encode(guid.bytes_le).decode()
                dn = anchor.encode().hex().upper()
                text.write(
                    f' <cs-object cs-dn="CN={{{dn}}}" id="{{{str(guid).upper()}}}" object-type="user">\n'
                    f'  <unapplied-export><delta operation="update" dn="CN={{{dn}}}">\n'
                    '   <attr name="proxyAddresses" operation="update" type="string" multivalued="true">'
                    f'<value operation="add">smtp:user{number}@fabrikam.com</value></attr></delta></unapplied-export>\n'
                    f'  <synchronized-hologram><entry dn="CN={{{dn}}}">\n'
                    "   <primary-objectclass>user</primary-objectclass><objectclass><oc-value>user</oc-value></objectclass>\n"
                    + "".join(
                        f'   <attr name="{name}" type="string" multivalued="false"><value>{value}</value></attr>\n'
                        for name, value in [
                            ("userPrincipalName", f"user{number}@contoso.com"), ("displayName", f"User {number}"),
                            ("alias", f"user{number}"), ("mail", f"user{number}@contoso.com"), ("sourceAnchor", anchor),
                            ("onPremisesDistinguishedName", f"CN=User {number},OU=Staff,DC=contoso,DC=com"),
                            ("onPremisesSamAccountName", f"user{number}"), ("givenName", "User"), ("surname", str(number)),
                        ]
                    )
                    + '   <attr name="proxyAddresses" type="string" multivalued="true">'
                    f"<value>SMTP:user{number}@contoso.com</value><value>smtp:u{number}@contoso.com</value></attr>\n"
                    "  </entry></synchronized-hologram>\n  <connector>1</connector>\n"
                    "  <ma-id>{B891884F-051E-4A83-95AF-2544101C9083}</ma-id><ma-name>contoso - AAD</ma-name>\n"
                    f' </cs-object>\n'
                )
                number += 1
        text.write("</cs-objects>\n")


def measure_resolve(options):
    found = objects(options.export, options.errors)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "errors.txt")
        output = os.path.join(folder, "answers.ndjson")
        material(path, found)
        reading, resolving, peak = [], [], 0
        for _ in range(options.rounds):
            cpu, _, _, _ = run([options.program, "lint", "--rule-set", "none", "--threads", "1", options.export])
            reading.append(cpu)
            cpu, memory, status, wall = run(
                [options.program, "resolve", "--format", "ndjson", "--in", options.export, path], stdout=output)
            resolving.append(cpu)
            peak = max(peak, memory)
            print(f"lint --rule-set none {reading[-1]:.2f} s, resolve {cpu:.2f} s (wall {wall:.1f} s), status {status}",
                  flush=True)
        with open(output, encoding="utf-8") as answers:
            right = 0
            for (anchor, _), line in zip(found, answers):
                answer = json.loads(line)
                guid = str(uuid.UUID(bytes_le=base64.b64decode(anchor)))
                right += [entry.get("objectGUID") for entry in answer["objects"]] == [guid]
    ratio = statistics.median(resolving) / statistics.median(reading)
    print(f"{right} of {len(found)} errors resolved to the right object")
    print(f"ratio {ratio:.2f} (target: at most 1.6), peak memory {peak:.0f} MB")
    return ratio <= 1.6 and right == len(found)


def measure_connector_space(options):
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        path = os.path.join(folder, "export.xml")
        connector_space(path, options.connector_space)
        for arguments in (["lint", path], ["resolve", "--connector-space", path, "--format", "ndjson"]):
            errors = os.path.join(folder, "error.txt")
            with open(errors, "w", encoding="ascii") as text:
                text.write("Dn CN={4B6777414149394F3030476144414D463643777A41513D3D}\n")
            cpu, memory, status, wall = run([options.program, *arguments], stdin=errors)
            print(f"{arguments[0]}: {cpu:.2f} s CPU, {wall:.1f} s, peak memory {memory:.0f} MB (target: below 200), "
                  f"status {status}", flush=True)
            if memory >= 200:
                return False
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=".build/release/dirsync-lint")
    parser.add_argument("--errors", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--connector-space", type=int, metavar="MB")
    parser.add_argument("--folder", help="where to put large files", default="/var/tmp")
    parser.add_argument("export", nargs="?")
    options = parser.parse_args()
    if not options.export and not options.connector_space:
        parser.error("name an export, or --connector-space MB")
    good = True
    if options.export:
        good = measure_resolve(options) and good
    if options.connector_space:
        good = measure_connector_space(options) and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
