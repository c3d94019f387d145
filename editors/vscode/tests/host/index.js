// Runs the suite TUNING_LS_SUITE inside VS Code's extension host. Writes the results to the file TUNING_LS_RESULT, as a
// list of tests with their errors.

const fs = require('node:fs');

exports.activate = async () => {
  const { TUNING_LS_SUITE: suite, TUNING_LS_RESULT: file } = process.env;
  // Each window has its own extension host, but the suite must run only once.
  if (!suite || fs.existsSync(file) || fs.existsSync(`${file}.running`)) {
    return;
  }
  fs.writeFileSync(`${file}.running`, '');
  const results = [];
  for (const [name, test] of Object.entries(require(`./suites/${suite}.js`))) {
    const start = Date.now();
    let error;
    try {
      await test();
    } catch (thrown) {
      error = thrown?.stack ?? String(thrown);
    }
    results.push({ name, error, milliseconds: Date.now() - start });
  }
  fs.writeFileSync(`${file}.part`, JSON.stringify(results));
  fs.renameSync(`${file}.part`, file);
};
