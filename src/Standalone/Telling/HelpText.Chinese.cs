using System.Collections.Frozen;

namespace OpenAIProxy.Standalone.Telling;

internal sealed partial record HelpText
{
    private static readonly HelpText Chinese = new("用法", "命令", "参数", "选项", "--设置名=值", new Dictionary<string, string>
    {
        [""] = "OpenAI API 的网关和计费服务，在同一个进程中。不写命令时即为 run。",
        ["--help"] = "显示本说明。",
        ["--version"] = "显示版本。",
        ["--json"] = "改为输出一个 JSON 对象。",
        ["--port"] = "端口；默认 8000 或 PORT；0 表示任意空闲端口。",
        ["--api-key"] = "管理员用于上游的密钥，可以有多个，用逗号分隔（OpenAI:ApiKey）。",
        ["--base-url"] = "上游地址，如果不是 OpenAI（OpenAI:BaseUrl）。",
        ["--access-key"] = "给调用方的访问密钥 fk-…，可以有多个，用逗号分隔（Access:Keys）。",
        ["--route-prefix"] = "路径前缀，例如 /openai，所有路径在其下也可用（Forwarding:RoutePrefix）。",
        ["--workers"] = "为兼容旧的命令行而保留：一个进程会使用所有处理器核心。",
        ["--data"] = "账本和用量暂存所在的目录；默认 $STATE_DIRECTORY、$XDG_STATE_HOME/openai-proxy 或 ~/.local/state/openai-proxy。",
        ["--config"] = "设置文件，格式与 appsettings.json 相同。",
        ["run"] = "提供服务：网关和计费服务在同一个进程中，只占一个端口。",
        ["run --demo"] = "以模拟器为上游：不需要密钥。",
        ["health"] = "询问本机上的进程是否存活。存活时退出码为 0，否则为 1。",
        ["health --port"] = "要询问的端口；默认与相同设置下的 run 一致。",
        ["check"] = "检查设置，试连上游（不产生费用），并说明什么对谁开放。有错误时退出码为 1。",
        ["usage"] = "显示账本中的用量：请求数、token 数和金额。",
        ["usage --from"] = "第一天，格式 YYYY-MM-DD；默认为截至 --to 的 30 天中的第一天。",
        ["usage --to"] = "最后一天；默认今天。",
        ["usage --group-by"] = "day、model、endpoint、key 中的一项或多项，用逗号分隔；默认 day,model。",
        ["usage --tz"] = "日期所用的时区，例如 Asia/Shanghai；默认 UTC。",
        ["usage --key"] = "只看这个密钥的用量：名称或编号（key_…）。",
        ["usage --csv"] = "改为输出 CSV，不含合计。",
        ["prices"] = "计算用量所用的价格。",
        ["prices check"] = "检查价格中缺少或矛盾的地方，包括 Pricing:File。有错误时退出码为 1。",
        ["prices show"] = "显示一个模型今天按什么价格计算。没有价格时退出码为 1。",
        ["prices show MODEL"] = "模型、模型的快照，或 tool: 加工具名称。",
        ["prices update"] = "把较新的价格写入 Pricing:File：先检查，再一次替换。无法使用时退出码为 1，文件不变。",
        ["prices update FILE|URL"] = "较新的价格所在的文件或地址。",
        ["reconcile"] = "逐日对比账本金额与 OpenAI 的组织费用。任何一方无法取得时退出码为 1。",
        ["reconcile --admin-key-env"] = "保存管理密钥（sk-admin-…）的环境变量名。",
        ["reconcile --from"] = "第一天，格式 YYYY-MM-DD。",
        ["reconcile --to"] = "最后一天。",
        ["resend"] = "把计费服务拒绝过的用量再次送入账本。仍有剩余时退出码为 1。",
        ["completion"] = "输出让 shell 补全命令行的脚本。",
        ["completion SHELL"] = "可以是 bash、zsh、fish 或 pwsh。",
    }.ToFrozenDictionary());
}
