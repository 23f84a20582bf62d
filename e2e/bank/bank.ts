// A second, minimal bank: hub, bank and treasury in one small program, written from the channel's documentation
// alone (section 13). It shares no code with the product or with its simulator.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Agreed, Books } from './books.ts';
import { type Fields, isSignedBy, newKeyPair, readField, writeMessage } from './wire.ts';

const ownNode = '100000000000';
const zeros = (length: number): string => '0'.repeat(length);
const contentType = 'application/xml; charset=GBK';

export class MinimalBank {
  readonly #keys = newKeyPair();
  readonly #server: Server = createServer((request, response) => {
    this.#serve(request, response).catch(() => response.destroy());
  });
  #peerKey = '';
  #replyTo = '';
  #sequence = 0;
  #clockOffsetMs = 0;
  readonly #answers = new Map<string, Buffer>();
  readonly books = new Books();
  /** The numbers of the messages that came, in order. */
  readonly received: string[] = [];
  /** What our pushes were answered with. */
  readonly pushed: { readonly msgNo: string; readonly status: number }[] = [];
  /** Keeps the answer to the next debit to itself: the money moves, the connection is closed. */
  swallowNextAnswer = false;

  async start(port: number): Promise<void> {
    await new Promise<void>((done) => this.#server.listen(port, '127.0.0.1', done));
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  /** Takes over accounts and agreements, before the first debit. */
  agree(agreed: Agreed): void {
    this.books.agree(agreed);
    const [year = 0, month = 1, day = 1] = [
      agreed.workDate.slice(0, 4),
      agreed.workDate.slice(4, 6),
      agreed.workDate.slice(6),
    ].map(Number);
    // Ten in the morning of the work date, Shanghai time.
    this.#clockOffsetMs = Date.UTC(year, month - 1, day, 2) - Date.now();
  }

  /** 日切: the work date moves, the day's lists are pushed. */
  async closeDay(next: string): Promise<void> {
    const closed = this.books.workDate;
    this.books.workDate = next;
    const notice = { StateNotice9101: { WorkDate: next, SysStat: '1' } };
    await this.#push('9101', notice, closed);
    for (const code of this.books.taxOrgs) {
      await this.#push('3122', this.books.dayList(code, closed, this.#next()), next);
    }
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'GET' && request.url === '/certificate') {
      response.writeHead(200, { 'content-type': 'text/plain' }).end(`${this.#keys.publicKey}\n`);
      return;
    }
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const bytes = Buffer.concat(parts);
    if (this.#peerKey === '') {
      const where = String(request.headers['shebao-reply-to']);
      const document = await fetch(`${where}/treasury/certificate`);
      this.#peerKey = (await document.text()).trim();
    }
    const answer = this.#take(bytes);
    if (!answer) {
      request.socket.destroy();
      return;
    }
    response.writeHead(200, { 'content-type': contentType }).end(answer);
  }

  /** From the bytes to the answer; null closes the connection. */
  #take(bytes: Buffer): Buffer | null {
    if (!isSignedBy(bytes, this.#peerKey)) return this.#common('91005', '校验电子签名错', null);
    const msgId = readField(bytes, 'MsgID');
    const msgNo = readField(bytes, 'MsgNo');
    this.received.push(msgNo);
    const known = this.#answers.get(msgId);
    if (known) return known;
    if (readField(bytes, 'DES') !== ownNode) return this.#common('92014', '机构代码不符', bytes);
    const answer = this.#business(msgNo, bytes);
    if (msgNo === '1001') this.#answers.set(msgId, answer);
    if (msgNo === '1001' && this.swallowNextAnswer) {
      this.swallowNextAnswer = false;
      return null;
    }
    return answer;
  }

  #business(msgNo: string, bytes: Buffer): Buffer {
    switch (msgNo) {
      case '9006':
        this.#replyTo = readField(bytes, 'ReplyTo');
        return this.#answer('9007', bytes, {
          LoginReturn9007: {
            Result: '90000',
            AddWord: '登录成功',
            WorkDate: this.books.workDate,
            SysStat: '0',
            NowTime: this.#now(),
            CutTime: '',
          },
        });
      case '9005':
        return this.#common('90000', '连接测试成功', bytes, `T=${this.#now()}`);
      case '9114':
        return this.#answer('9115', bytes, this.books.prove(bytes));
      case '1001':
        return this.#answer('2001', bytes, this.books.debit(bytes, this.#now()));
      case '9003':
        return this.#answer('9004', bytes, this.books.query(bytes));
      case '1021':
        return this.#answer('2021', bytes, this.books.reverse(bytes));
      default:
        return this.#common('92001', '无法识别的报文', bytes);
    }
  }

  #common(code: string, text: string, asked: Buffer | null, information = ''): Buffer {
    return this.#answer('9120', asked, {
      CommonReturn9120: {
        OriMsgNo: asked ? readField(asked, 'MsgNo') : '0000',
        Result: code,
        AddWord: text,
        Information: information,
      },
    });
  }

  #answer(msgNo: string, asked: Buffer | null, body: Fields): Buffer {
    const ref = asked ? readField(asked, 'MsgID') : zeros(20);
    return this.#write(msgNo, body, ref, asked ? readField(asked, 'SRC') : zeros(12));
  }

  async #push(msgNo: string, body: Fields, workDate: string): Promise<void> {
    const bytes = this.#write(msgNo, body, null, this.books.node, workDate);
    const answer = await fetch(`${this.#replyTo}/treasury/inbox`, {
      method: 'POST',
      headers: { 'content-type': contentType },
      body: new Uint8Array(bytes),
    });
    await answer.arrayBuffer();
    this.pushed.push({ msgNo, status: answer.status });
  }

  #write(
    msgNo: string,
    body: Fields,
    ref: string | null,
    to: string,
    workDate: string = this.books.workDate,
  ): Buffer {
    const msgId = `${this.#now().slice(0, 8)}${msgNo}${this.#next()}`;
    const head = {
      VER: '1.0',
      SRC: ownNode,
      DES: to,
      APP: 'TIPS',
      MsgNo: msgNo,
      MsgID: msgId,
      MsgRef: ref ?? msgId,
      WorkDate: workDate,
    };
    return writeMessage(head, body, this.#keys);
  }

  #next(): string {
    this.#sequence += 1;
    return String(this.#sequence).padStart(8, '0');
  }

  /** Hub time in Shanghai, YYYYMMDDhhmmss. */
  #now(): string {
    const shanghai = new Date(Date.now() + this.#clockOffsetMs + 8 * 3_600_000).toISOString();
    return shanghai.slice(0, 19).replaceAll(/[-:T]/g, '');
  }
}
