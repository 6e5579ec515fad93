// Writes which sources the built page was made from, so that a test without node sees when they differ.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const files = ["index.html", "package-lock.json", "tsconfig.json", "vite.config.ts"];
for (const folder of ["public", "src"])
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) files.push(join(entry.parentPath, entry.name).replaceAll("\\", "/"));

const lines = files
  .sort()
  .map((file) => `${createHash("sha256").update(readFileSync(file)).digest("hex")}  ${file}\n`);
writeFileSync("dist/sources.sha256", lines.join(""));
