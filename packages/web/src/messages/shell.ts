/** The frame around every page. */
export const shell = {
  skip: '跳到主要内容',
  rosterUpdate: '职工参保信息更新',
  unitNo: '单位编号',
  period: '费款所属期',
  signOut: '退出登录',
  navigation: '功能菜单',
  menu: '菜单',
  tasks: '任务',
  tasksTitle: '最近的任务',
  noTasks: '没有正在进行的任务',
  theme: '界面主题',
  themes: { system: '跟随系统', light: '浅色', dark: '深色' },
  demo: '演示环境',
  officeName: '征收机关端',
  noUnit: '当前用户没有任何单位编号的权限',
  noUnitNext: '请联系本单位管理员授权后重新登录。',
  groups: {
    month: '本月办理',
    wage: '缴费工资申报',
    declaration: '社保费申报',
    payment: '费款缴纳',
    certificate: '证明打印',
    query: '查询统计',
    system: '系统管理',
  },
  taskStates: {
    running: '办理中',
    queued: '排队中',
    done: '已完成',
    failed: '未完成',
  },
  task: '后台任务',
};

const taskNames: Readonly<Record<string, string>> = {
  'roster.update': '职工参保信息更新',
  'wage.process': '缴费工资申报',
  'declaration.process': '社保费申报',
  'declaration.void': '作废社保费申报表',
  'payment.pay': '缴费',
  'payment.send': '缴费',
  'payment.resolve': '核实扣款结果',
  'payment.reverse': '冲正扣款',
  'agreement.check': '验证三方协议',
};

/** What a background task does, in the words of the menu. */
export function taskName(kind: string): string {
  return taskNames[kind] ?? shell.task;
}
