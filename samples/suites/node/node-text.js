'use strict';
// node node-text.js PORT: 12 bytes of text to whoever asks.
const http = require('http');

const body = Buffer.from('Hello World!');

http
  .createServer((request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': body.length });
    response.end(body);
  })
  .listen(Number(process.argv[2]), '127.0.0.1');
