/** The simulator's own page: watches by `/control/state`, steers by the same commands as the command line. */
export const PAGE = `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>国库与银行仿真器</title>
<style>
body{font:15px/1.6 system-ui,"Noto Sans SC",sans-serif;margin:1.5rem;color:#1d2129;background:#fff}
h1{font-size:1.3rem}h2{font-size:1.05rem;margin:1.6rem 0 .4rem}
table{border-collapse:collapse;width:100%;font-size:13px}
th,td{border:1px solid #c9cdd4;padding:.2rem .5rem;text-align:left}
th{background:#f2f3f5}td.n{text-align:right;font-variant-numeric:tabular-nums}
form{display:flex;gap:.6rem;flex-wrap:wrap;align-items:end;margin:.4rem 0}
label{display:flex;flex-direction:column;font-size:13px}
input,select,button{font:inherit;padding:.2rem .5rem}
.scroll{overflow-x:auto}
</style></head><body>
<h1>国库与银行仿真器</h1>
<p id="head"></p><p role="status" id="status"></p>
<h2>日切与运行</h2>
<form data-do="close-day"><label>下一工作日（可空）<input name="next" pattern="[0-9]{8}" placeholder="YYYYMMDD"></label><button>日切</button></form>
<form data-do="sys-stat"><label>状态<select name="sysStat"><option value="0">日间</option><option value="2">停运</option></select></label><button>设置</button></form>
<h2>故障开关</h2>
<form data-do="fault"><label>报文<input name="msgNo" value="1001" required></label>
<label>故障<select name="kind"></select></label>
<label>次数<select name="times"><option value="once">一次</option><option value="always">一直</option><option value="seed">按种子</option></select></label>
<label>毫秒<input name="ms" value="3000" size="6"></label><label>代码<input name="code" value="94999" size="6"></label><button>打开</button></form>
<form data-do="clear-faults"><button>全部关闭</button></form>
<div id="faults"></div>
<h2>银行柜面（银行端查询缴费凭证）</h2>
<form data-do="counter-fetch"><label>开户行行号<input name="bankNo" required></label><label>征收机关<input name="taxOrgCode" required></label>
<label>凭证序号<input name="outerLevyNo" required></label><label>纳税人识别号<input name="taxPayCode"></label>
<label>账号<input name="payAcct"></label><input type="hidden" name="payAtOnce" value="true"><button>取凭证并缴款</button></form>
<div id="counter"></div>
<h2>账户</h2>
<form data-do="account"><label>行号<input name="bankNo" required></label><label>账号<input name="acct" required></label><label>余额<input name="balance"></label>
<label>状态<select name="state"><option value="open">正常</option><option value="frozen">冻结</option><option value="closed">销户</option></select></label><button>修改</button></form>
<div id="accounts"></div>
<h2>国库</h2><div id="treasuries"></div>
<h2>三方协议</h2><div id="agreements"></div>
<h2>扣款</h2><div id="debits"></div>
<h2>批量包</h2><div id="packs"></div>
<h2>退库</h2><div id="refunds"></div>
<h2>对账清单</h2><div id="lists"></div>
<h2>待发</h2><div id="pushes"></div>
<h2>报文</h2><div id="traffic"></div>
<script>
const kinds={dropRequest:'丢请求',dropAnswer:'丢应答',delay:'延迟应答',late:'迟到应答',double:'重复',reorder:'乱序',corrupt:'损坏签名',wrongAmount:'金额不符',wrongVoucher:'税票号不符',answerCode:'应答指定代码',unknownOutcome:'银行状态未知',answerAfterReversal:'冲正后应答',crashBefore:'提交前崩溃',crashAfter:'提交后崩溃',missingPack:'缺一包',httpError:'HTTP 503'};
const columns={accounts:['bankNo','acct','holder','balance','state'],treasuries:['treCode','payeeName','payeeAcct','balance'],
agreements:['protocolNo','taxPayName','payOpBkCode','payAcct','handOrgName','state'],debits:['org','entrustDate','traNo','via','packNo','voucher','amount','state','code','addWord','taxDate'],
packs:['org','entrustDate','packNo','code','datesLeft','sent'],refunds:['org','entrustDate','traNo','amount','code','state','resultCode'],
lists:['msgNo','org','chkDate','packNo','part'],pushes:['id','msgNo','tries','refusals'],faults:['id','msgNo','kind','times','ms','code','count'],
counter:['kind','outerLevyNo','state','code','text','debit'],traffic:['id','at','direction','msgNo','msgId','note']};
const kindSelect=document.querySelector('select[name=kind]');
for(const [value,text] of Object.entries(kinds)){const option=document.createElement('option');option.value=value;option.textContent=text;kindSelect.append(option);}
function table(name,rows){const box=document.getElementById(name);const element=document.createElement('table');
const head=element.createTHead().insertRow();for(const column of columns[name]){const cell=document.createElement('th');cell.scope='col';cell.textContent=column;head.append(cell);}
const body=element.createTBody();for(const row of rows){const line=body.insertRow();for(const column of columns[name]){const cell=line.insertCell();
if(name==='traffic'&&column==='id'){const link=document.createElement('a');link.href='/control/message?id='+row.id;link.textContent=row.id;cell.append(link);}
else cell.textContent=row[column]===null||row[column]===undefined?'':String(row[column]);if(column==='balance'||column==='amount')cell.className='n';}}
const scroll=document.createElement('div');scroll.className='scroll';scroll.append(element);box.replaceChildren(scroll);}
async function refresh(){const state=await (await fetch('/control/state')).json();
document.getElementById('head').textContent='工作日 '+state.workDate+' · 时间 '+state.now+' · '+(state.sysStat==='0'?'日间':'停运')+' · '+(state.loggedIn?'已登录 '+state.replyTo:'未登录')+' · 本方公钥指纹 '+state.ownFingerprint;
for(const name of Object.keys(columns))table(name,name==='traffic'||name==='debits'?state[name].toReversed():state[name]);}
for(const form of document.querySelectorAll('form'))form.addEventListener('submit',async event=>{event.preventDefault();
const args=Object.fromEntries([...new FormData(form)].filter(([,value])=>value!==''));
const answer=await fetch('/control/'+form.dataset.do,{method:'POST',headers:{'content-type':'application/json'},body:JSON.stringify(args)});
document.getElementById('status').textContent=(answer.ok?'已执行 ':'未执行 ')+await answer.text();await refresh();});
refresh();setInterval(refresh,2000);
</script></body></html>`;
