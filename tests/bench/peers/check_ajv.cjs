// Checks a JSON Lines file with ajv: node check_ajv.cjs SCHEMA FILE, with ajv on NODE_PATH.
//
// It prints a line `NUMBER<tab>MESSAGE` for each line with a fault. It splits the bytes at LF itself, because invalid
// UTF-8 is a fault and Node's line reader would replace it silently.
const fs = require("fs");
const Ajv = require("ajv");

const [schema, file] = process.argv.slice(2);
const validate = new Ajv().compile(JSON.parse(fs.readFileSync(schema, "utf8")));
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function fault(line) {
  try {
    const value = JSON.parse(decoder.decode(line));
    return validate(value) ? null : `${validate.errors[0].instancePath} ${validate.errors[0].message}`;
  } catch (error) {
    return error.message;
  }
}

let number = 0;
function check(line) {
  number += 1;
  const message = fault(line);
  if (message !== null) process.stdout.write(`${number}\t${message.replace(/\s+/g, " ")}\n`);
}

let begun = [];
fs.createReadStream(file, { highWaterMark: 1 << 20 })
  .on("data", (chunk) => {
    let start = 0;
    for (let end; (end = chunk.indexOf(10, start)) >= 0; start = end + 1) {
      check(Buffer.concat([...begun, chunk.subarray(start, end)]));
      begun = [];
    }
    if (start < chunk.length) begun.push(chunk.subarray(start));
  })
  .on("end", () => begun.length && check(Buffer.concat(begun)));
