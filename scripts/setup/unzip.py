"""Unzips into FOLDER the members of ARCHIVE whose names begin with one of PREFIXES: unzip.py ARCHIVE FOLDER PREFIX..."""

import os
import sys
import zipfile

archive, folder, *prefixes = sys.argv[1:]
with zipfile.ZipFile(archive) as file:
    for member in file.infolist():
        if not member.filename.startswith(tuple(prefixes)) or member.is_dir():
            continue
        path = file.extract(member, folder)
        if (member.external_attr >> 16) & 0o111:
            os.chmod(path, 0o755)
