// Amazon's validator of APL: reads a list of documents on standard input, and prints for each what
// it finds, as JSON.
const { StaticAplTemplateValidator } = require("apl-suggester");

const documents = JSON.parse(require("fs").readFileSync(0, "utf8"));
const validator = new StaticAplTemplateValidator();

(async () => {
  const found = [];
  for (const each of documents) found.push(await validator.validate(each)); // one by one: it keeps state
  process.stdout.write(JSON.stringify(found));
})();
