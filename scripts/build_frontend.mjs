// Builds static/vendor from frontend/ and the packages pinned in package-lock.json: same input, same bytes.

import { createHash } from "node:crypto";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const OUT = "static/vendor";
const BUNDLES = [
  { source: "frontend/seal.js", output: "seal.min.js", format: "esm" },
  { source: "frontend/custody.js", output: "custody.min.js", format: "esm" },
  // A worker without imports and exports: loads as a classic and as a module worker.
  { source: "frontend/altcha-solver.js", output: "altcha-solver.min.js", format: "iife" },
];
// Packages name in their source files, not in their LICENSE, whose MIT code they carry on:
// with the notice itself, or with the address of a licence, whose notice stands here.
const NOTICE = /noble-(?:hashes|curves)[^\n]*\(c\)[^\n*]*|https:\/\/github\.com\/[\w./-]+\/LICENSE(?:\.md)?/g;
const NOTICE_AT = {
  "https://github.com/antontutoveanu/crystals-kyber-javascript/blob/main/LICENSE":
    "crystals-kyber-javascript - MIT License (c) 2020 Anton Tutoveanu",
};

const manifest = { sources: {}, bundles: {} };
for (const bundle of BUNDLES) manifest.bundles[bundle.output] = await make(bundle);
const sources = (await readdir(join(ROOT, "frontend"), { recursive: true })).filter((name) => name.endsWith(".js")).sort();
for (const path of ["package.json", "package-lock.json", "scripts/build_frontend.mjs", ...sources.map((name) => `frontend/${name}`)]) {
  manifest.sources[path] = sha256(await readFile(join(ROOT, path)));
}
await write("manifest.json", `${JSON.stringify(manifest, null, 2)}\n`);

async function make({ source, output, format }) {
  const result = await build({
    absWorkingDir: ROOT,
    entryPoints: [source],
    bundle: true,
    minify: true,
    format,
    target: ["es2020"],
    charset: "ascii",
    legalComments: "none",
    metafile: true,
    write: false,
  });
  const packages = await packagesIn(result.metafile);
  const banner = `/*! ${output}: ${["anshao", ...packages.map((one) => `${one.name} ${one.version}`)].join(", ")} */\n`;
  const code = Buffer.concat([Buffer.from(banner), result.outputFiles[0].contents]);
  await write(output, code);
  const entry = { sha256: sha256(code), bytes: code.length, packages: {} };
  for (const { name, version } of packages) entry.packages[name] = version;
  if (packages.length > 0) entry.licence = await writeLicence(output, packages);
  return entry;
}

/** Finds the packages whose files really went into the bundle, in a fixed order. */
async function packagesIn(metafile) {
  const inputs = Object.values(metafile.outputs).flatMap((one) => Object.entries(one.inputs));
  const used = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path);
  const folders = used.map((path) => path.match(/^node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0]).filter(Boolean);
  const unique = [...new Set(folders)].sort();
  return Promise.all(unique.map((folder) => describe(folder, used)));
}

async function describe(folder, used) {
  const { name, version, license } = JSON.parse(await readFile(join(ROOT, folder, "package.json"), "utf8"));
  const files = await readdir(join(ROOT, folder));
  const file = files.find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${name} has no licence file`);
  const text = (await readFile(join(ROOT, folder, file), "utf8")).trim();
  const sources = await Promise.all(used.filter((path) => path.startsWith(`${folder}/`)).map((path) => readFile(join(ROOT, path), "utf8")));
  const notices = sources.flatMap((source) => source.match(NOTICE) ?? []).map(spelledOut);
  return { name, version, license, text, notices: [...new Set(notices)].sort() };
}

function spelledOut(notice) {
  if (!notice.startsWith("https:")) return notice.trim();
  if (!(notice in NOTICE_AT)) throw new Error(`look up the copyright notice of ${notice}`);
  return NOTICE_AT[notice];
}

async function writeLicence(output, packages) {
  const parts = packages.map(({ name, version, license, text, notices }) => {
    const carried = notices.length > 0 ? `\n\nContains code under the MIT licence from:\n${notices.join("\n")}` : "";
    return `${name} ${version} (${license})\n\n${text}${carried}\n`;
  });
  const file = `${output}.LICENSE.txt`;
  const body = `Third-party code in ${output}\n\n${parts.join(`\n${"-".repeat(72)}\n\n`)}`;
  await write(file, body);
  return { file, sha256: sha256(body) };
}

function sha256(data) {
  return createHash("sha256").update(data).digest("hex");
}

async function write(name, data) {
  await writeFile(join(ROOT, OUT, name), data);
}
