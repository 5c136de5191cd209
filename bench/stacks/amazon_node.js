// Amazon's Node SDK with its Express adapter, as published, saying one sentence.
//
// Two things are replaced, as for all: how a chain is fetched, and which root is trusted (beside
// Node's own).
//
//   node amazon_node.js FOLDER                 serves, and prints "ready: PORT"
//   node amazon_node.js FOLDER SECONDS         prints CPU a request in process, without HTTP

const fs = require('fs');
const path = require('path');

const folder = process.argv[2];
const root = fs.readFileSync(path.join(folder, 'root.pem'), 'utf8');
const chain = fs.readFileSync(path.join(folder, 'chain.pem'), 'utf8');

const from = (name) => require(path.join(process.cwd(), 'node_modules', name));
const Alexa = from('ask-sdk-core');
const { ExpressAdapter, SkillRequestSignatureVerifier, TimestampVerifier } =
  from('ask-sdk-express-adapter');
SkillRequestSignatureVerifier.prototype._getCertChainByUrl = async () => chain;
const helper = from('ask-sdk-express-adapter/dist/verifier/helper');
const generateCAStore = helper.generateCAStore;
helper.generateCAStore = (roots) => generateCAStore([...roots, root]);

const launch = {
  canHandle: (input) => Alexa.getRequestType(input.requestEnvelope) === 'LaunchRequest',
  handle: (input) =>
    input.responseBuilder.speak('Welcome.').reprompt('Where is it?').getResponse(),
};
const cramp = {
  canHandle: (input) =>
    Alexa.getRequestType(input.requestEnvelope) === 'IntentRequest' &&
    Alexa.getIntentName(input.requestEnvelope) === 'CrampIntent',
  handle: (input) => {
    input.attributesManager.setSessionAttributes({ place: 'hold' });
    return input.responseBuilder
      .speak('Pull your toes up towards you.')
      .reprompt('Has it let go?')
      .getResponse();
  },
};
const skill = Alexa.SkillBuilders.custom()
  .addRequestHandlers(launch, cramp)
  .withSkillId('amzn1.ask.skill.00000000-0000-0000-0000-000000000000')
  .create();

async function inProcess(seconds) {
  const requests = JSON.parse(fs.readFileSync(path.join(folder, 'requests.json'), 'utf8'));
  const verifiers = [new SkillRequestSignatureVerifier(), new TimestampVerifier()];
  const one = async ({ body, headers }) => {
    for (const verifier of verifiers) await verifier.verify(body, headers);
    return JSON.stringify(await skill.invoke(JSON.parse(body)));
  };
  for (let each = 0; each < 2000; each++) await one(requests[each % requests.length]);
  const figures = [];
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    const before = process.cpuUsage();
    for (let each = 0; each < 200; each++) await one(requests[each % requests.length]);
    const used = process.cpuUsage(before);
    figures.push((used.user + used.system) / 200);
  }
  figures.sort((a, b) => a - b);
  const median = figures[Math.floor(figures.length / 2)];
  console.log(JSON.stringify({ median, best: figures[0], batches: figures.length }));
}

if (process.argv[3]) {
  inProcess(Number(process.argv[3]));
} else {
  const app = from('express')();
  app.post('/alexa', new ExpressAdapter(skill).getRequestHandlers());
  const server = app.listen(0, '127.0.0.1', () => console.log(`ready: ${server.address().port}`));
}
