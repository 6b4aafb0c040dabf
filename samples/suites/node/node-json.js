'use strict';
// node node-json.js PORT: some 4 KB of JSON, written anew for each request.
const http = require('http');

const items = Array.from({ length: 60 }, (_, i) => ({
  id: i,
  name: `item ${i}`,
  price: (i * 7919) % 10000 / 100,
  tags: ['sample', i % 2 ? 'odd' : 'even'],
}));

http
  .createServer((request, response) => {
    const body = JSON.stringify({ path: request.url, items });

    response.writeHead(200, {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
    });
    response.end(body);
  })
  .listen(Number(process.argv[2]), '127.0.0.1');
