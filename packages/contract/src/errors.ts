/** Every error that the API can answer: HTTP status, Chinese text, and what to do next. `{name}` takes a value. */
export const errorRegistry = {
  // general
  INPUT_INVALID: [400, '提交的内容有误，请按提示更正', '更正标出的各项后重新提交'],
  NOT_SIGNED_IN: [401, '登录已失效，请重新登录', '重新登录后继续，已填写的内容会保留'],
  FORBIDDEN: [403, '您没有办理此项业务的权限', '请联系本单位管理员授权'],
  CSRF_REFUSED: [403, '请求来源不受信任', '请从本系统页面办理'],
  NOT_FOUND: [404, '未找到所请求的内容', '请返回列表重新选择'],
  IDEMPOTENCY_IN_PROGRESS: [409, '相同的请求正在处理', '请稍候，系统会自动取得结果'],
  IDEMPOTENCY_MISMATCH: [422, '同一请求编号的内容不一致', '请刷新页面后重新提交'],
  IDEMPOTENCY_KEY_REQUIRED: [400, '缺少请求编号 Idempotency-Key', '请由客户端生成并保存后再提交'],
  TOO_LARGE: [413, '内容过大', '请拆分后再提交'],
  TOO_MANY_REQUESTS: [429, '操作过于频繁，请稍后再试', '请稍候片刻再操作'],
  UNAVAILABLE: [503, '系统正忙或正在维护', '请稍后再试，已提交的内容不会丢失'],
  STORAGE_FULL: [
    503,
    '服务器存储空间已满，本次操作没有保存',
    '已保存的数据不受影响；请通知运维人员清理空间后再试',
  ],
  INTERNAL: [500, '系统内部错误，已记录', '请稍后再试；如再次出现，请把参考号告知运维人员'],
  // access
  CREDENTIALS_WRONG: [401, '纳税人识别号或申报密码不正确', '请核对后重新输入'],
  OFFICE_CREDENTIALS_WRONG: [401, '用户名或密码不正确', '请核对后重新输入'],
  TOO_MANY_ATTEMPTS: [
    429,
    '尝试次数过多，请在 {minutes} 分钟后再试',
    '请等待后再试，或到办税服务厅重置密码',
  ],
  PASSWORD_CHANGE_REQUIRED: [403, '请先修改初始密码', '修改初始密码后即可办理业务'],
  PASSWORD_REFUSED: [422, '新密码不符合要求：{reason}', '请按密码规则重新设置'],
  REAUTHENTICATION_REQUIRED: [403, '请先完成安全认证', '重新录入申报密码后继续'],
  REAUTHENTICATION_WRONG: [403, '申报密码不正确', '请核对后重新输入'],
  SETUP_CLOSED: [404, '初始化链接无效或已使用', '请由运维人员重新生成'],
  USER_EXISTS: [409, '用户名已存在', '请换一个用户名'],
  // registration and registry
  TAXPAYER_EXISTS: [409, '该纳税人识别号已登记', '请在登记列表中查询'],
  UNIT_EXISTS: [409, '该单位编号已登记', '请核对单位编号'],
  WORKBOOK_UNREADABLE: [422, '文件无法读取：{reason}', '请使用下载的模板另存为 XLSX 或 CSV 后上传'],
  WORKBOOK_COLUMNS: [422, '表头缺少列：{columns}', '请使用下载的模板，不要改动第一行'],
  POLICY_MISSING: [
    422,
    '缺少政策参数：{region} {insurance} {period}',
    '请征收机关先发布该所属期的政策参数',
  ],
  // roster
  ROSTER_UPDATE_RUNNING: [409, '参保信息正在更新', '请等待本次更新完成'],
  // wages
  DECLARATION_LIVE: [
    409,
    '社保费申报表已经提交，需要先作废申报表才可以修改缴费工资',
    '请到“社保费申报—申报记录”作废后再修改',
  ],
  WAGE_BELOW_MINIMUM: [
    422,
    '新缴费工资低于当地最低工资标准 {minimum} 元',
    '请核对后填写不低于最低工资标准的缴费工资',
  ],
  WAGE_YEAR_ORDER: [
    422,
    '请按时间顺序申报，先申报 {month} 的缴费工资',
    '请先申报较早年度的缴费工资',
  ],
  WAGE_NOT_INSURED: [422, '该职工在生效年月未参保', '请核对生效年月，或先更新参保信息'],
  WAGE_MONTH_INVALID: [422, '生效年月不在可选范围', '请从下拉框中选择生效年月'],
  WAGE_PERSON_UNKNOWN: [422, '本单位没有该职工', '请先更新参保信息'],
  POLICY_CHANGED: [
    409,
    '政策参数已更新，缴费基数和费用可能不同',
    '已录入的内容没有丢失，请核对新的金额后重新提交',
  ],
  WAGE_DUPLICATE: [422, '同一职工同一生效年月重复申报', '请只保留一行'],
  // declarations
  NOTHING_DUE: [409, '没有待申报的数据', '请刷新后查看'],
  DUES_CHANGED: [409, '待申报数据已变化，请核对新的金额', '请核对后重新提交'],
  DECLARATION_PENDING: [409, '该单位编号已有申报正在处理', '请等待反馈后再提交'],
  DECLARATION_NOT_VOIDABLE: [409, '该申报表当前不能作废：{reason}', '只有未缴费的申报表可以作废'],
  // payment
  BILL_CHANGED: [409, '应缴费款已变化，请核对新的金额', '请核对新金额后再次确认'],
  BILL_NOT_PAYABLE: [409, '该费款当前不能缴费：{reason}', '请在缴费记录中查看进展'],
  PAYMENT_PENDING_CHECK: [
    409,
    '扣款结果核实中，请勿重复缴费',
    '系统会自动核实，请在缴费记录中查看结果',
  ],
  AGREEMENT_UNUSABLE: [409, '该扣款协议当前不能使用：{reason}', '请选择其他账号或到“三方协议”处理'],
  TREASURY_CLOSED: [503, '系统当前非工作状态', '请在税库银系统开放后再缴费'],
  TREASURY_CUTOFF: [409, '临近税库银日切，暂停受理新的扣款', '请在日切完成后再缴费'],
  AGREEMENT_EXISTS: [409, '该账户已有扣款协议', '请先终止原协议'],
  AGREEMENT_SAME_OFFICER: [
    409,
    '录入协议的人不能首次验证该协议',
    '请由另一名征收人员核对纸质协议后验证',
  ],
  AGREEMENT_ON_PAPER: [409, '纸质协议须由征收人员核对后首次验证', '请联系主管税务机关办理'],
  AGREEMENT_IN_USE: [409, '该协议有未完成的扣款，不能终止', '请等待扣款结果'],
  BILL_IN_BATCH: [
    409,
    '用户为批量扣款用户，该费款正由征收机关批量扣款，不能自行缴费',
    '请等待批量扣款结果',
  ],
  MODE_MONTH_INVALID: [422, '生效月份不在可选范围', '请从下拉框中选择本月或以后十二个月内的月份'],
  BATCH_CHANGED: [409, '该批次或待扣费款已变化', '请刷新后核对新的数据'],
  BATCH_SAME_OFFICER: [409, '制单人与复核人不能是同一人', '请由另一名征收人员复核发出'],
  STOP_TOO_LATE: [409, '该批量扣款没有等待扣款的明细，不能止付', '请查看扣款结果'],
  STOP_RUNNING: [409, '该批量扣款已申请止付', '请等待止付结果'],
  REFUND_RUNNING: [409, '该笔款项已在退库中或已退回', '请在退库记录中查看进度'],
  REFUND_CHANGED: [409, '该退库申请已被他人办理', '请刷新后查看最新状态'],
  REFUND_SAME_OFFICER: [409, '申请人与复核人不能是同一人', '请由另一名征收人员复核'],
  REFUND_APPLICATION_OPEN: [
    409,
    '该单位编号有尚未办结的退费申请 {applicationNo}',
    '请等待其办结，或先撤回后重新申请',
  ],
  REFUND_AMOUNT_CHANGED: [409, '可退金额已变化，现为 {amount} 元', '请核对新的金额后再次提交'],
  REFUND_NOTHING: [409, '所选范围内没有可退的费款', '请调整险种归属、费款所属期或人员'],
  REFUND_APPLICATION_CHANGED: [409, '该退费申请已被办理或状态已变化', '请刷新后查看最新状态'],
  REFUND_PAYMENT_CHANGED: [
    409,
    '税票号码 {taxVoucherNo} 的缴款当前不在国库，不能退库',
    '请退回审核，核对该笔缴款后再办理',
  ],
  TRANSFER_EXISTS: [409, '该银行流水已登记', '请在列表中按到账日期和流水号查找'],
  TRANSFER_CHANGED: [409, '该笔到账已被他人办理或状态已变化', '请刷新后查看最新状态'],
  TRANSFER_SAME_OFFICER: [409, '登记、认领或申请人不能复核同一笔', '请由另一名征收人员复核'],
  TRANSFER_AMOUNT: [
    409,
    '到账金额 {came} 元与应缴费款 {due} 元不一致，须足额缴纳',
    '请核对费款；金额不符的办理退回',
  ],
  // reconciliation
  CASE_CHANGED: [409, '该差错事项已被他人办理或状态已变化', '请刷新后查看最新状态'],
  CASE_SAME_OFFICER: [409, '处理人与复核人不能是同一人', '请由另一名征收人员复核'],
  CASE_DECISION_INVALID: [
    409,
    '该差错事项当前不能作此处理',
    '请核对扣款与费款的最新状态后重新选择',
  ],
  CASE_REFUNDED: [
    409,
    '该笔费款已按退费申请退库或正在退库，不能撤销',
    '请选择“核实无误”，或待退库失败后再处理',
  ],
  CASE_BILL_BUSY: [409, '该笔费款正在另一次扣款中', '请等待扣款结果后再处理'],
  STATEMENT_INCOMPLETE: [409, '对账清单尚未核对完毕，不能签收', '请等待清单收齐并核对完毕'],
  STATEMENT_CHANGED: [409, '对账单数据已变化', '请刷新后核对新的数据再签收'],
  STATEMENT_SIGNED: [409, '该对账单已签收', '请刷新后查看签收人'],
  // feed to 人社 and 医保
  FEED_AHEAD: [409, '读取回执超出已提供的条目', '请按读取到的游标提交回执'],
  // certificates
  NOT_CERTIFIABLE: [409, '所选数据尚未缴费，不能开具证明', '请缴费后再打印'],
  NO_RECEIPT: [409, '该业务尚未办结，没有回执', '请在记录中查看办理状态，办结后再打印回执'],
  GLYPH_MISSING: [
    422,
    '“{text}”中的“{character}”字没有可用字体，不能开具证明',
    '请联系征收机关安装含该字的字体',
  ],
  // documents verification
  VERIFY_FAILED: [404, '未查到该证明，或验证码不正确', '请核对编号与验证码'],
} as const satisfies Record<string, readonly [number, string, string]>;

export type ErrorCode = keyof typeof errorRegistry;

/** The Chinese text of an error with its values filled in. */
export function errorText(
  code: ErrorCode,
  data: Readonly<Record<string, string | number>> = {},
): string {
  return errorRegistry[code][1].replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
    name in data ? String(data[name]) : whole,
  );
}
