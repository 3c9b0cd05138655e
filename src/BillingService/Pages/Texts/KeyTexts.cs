namespace OpenAIProxy.BillingService.Pages.Texts;

/// <summary>All words of the pages of access keys in one language.</summary>
internal sealed record KeyTexts
{
    private static readonly Dictionary<string, string> Examples = new()
    {
        ["name"] = "ann",
        ["owner"] = "ann@example.com",
        ["team"] = "research",
        ["tags"] = "a, b",
        ["expires"] = "2027-01-31",
        ["models"] = "gpt-4o, gpt-5*",
        ["endpoints"] = "/v1/embeddings, /v1/files/*",
        ["networks"] = "10.0.0.0/8",
        ["limits.requests"] = "60/minute;1000/day",
        ["limits.tokens"] = "90k/minute",
        ["limits.input_tokens"] = "90k/minute",
        ["limits.output_tokens"] = "90k/minute",
        ["limits.concurrency"] = "5",
        ["budgets"] = "5/day;100/month",
        ["alert_at"] = "50 80 100",
    };

    /// <summary>English.</summary>
    public static KeyTexts English { get; } = new()
    {
        Title = "Access keys",
        Lead = "Keys made here open every gateway of this billing service. A change is in force within 2 seconds.",
        None = "There are no keys yet.",
        Name = "Name",
        State = "State",
        Endings = "Ends in",
        LastUsed = "Last used",
        About = "Team, owner",
        Never = "never",
        Until = "…{0} until {1}",
        New = "New key",
        Create = "Create",
        Edit = "Edit",
        Save = "Save",
        Rotate = "Rotate",
        RotateLead = "The key gets another secret. The one before stays valid for",
        Revoke = "Revoke",
        RevokeLead = "The key ends for good.",
        Sure = "Yes, revoke it",
        NotSure = "Tick the box to revoke the key.",
        Secret = "The new secret. It is shown only now; copy it:",
        AdminOnly = "Only who signed in with the admin token sees this page.",
        BackToKeys = "All access keys",
        Wrong = "{0}: {1}",
        States = new() { ["active"] = "active", ["disabled"] = "switched off", ["expired"] = "expired", ["revoked"] = "revoked" },
        Labels = new()
        {
            ["name"] = "Name",
            ["owner"] = "Owner",
            ["team"] = "Team",
            ["tags"] = "Tags",
            ["enabled"] = "May be used",
            ["expires"] = "Expires",
            ["models"] = "Models",
            ["endpoints"] = "Paths",
            ["networks"] = "Networks",
            ["limits.requests"] = "Calls",
            ["limits.tokens"] = "Tokens",
            ["limits.input_tokens"] = "Input tokens",
            ["limits.output_tokens"] = "Output tokens",
            ["limits.concurrency"] = "Calls at a time",
            ["budgets"] = "Budget in US dollars",
            ["alert_at"] = "Told at % of a budget",
        },
    };

    /// <summary>Chinese.</summary>
    public static KeyTexts Chinese { get; } = new()
    {
        Title = "访问密钥",
        Lead = "在这里创建的密钥可用于本计费服务的所有网关。变更在 2 秒内生效。",
        None = "还没有密钥。",
        Name = "名称",
        State = "状态",
        Endings = "末尾",
        LastUsed = "最后使用",
        About = "团队、所有者",
        Never = "从未",
        Until = "…{0} 至 {1}",
        New = "新密钥",
        Create = "创建",
        Edit = "编辑",
        Save = "保存",
        Rotate = "更换",
        RotateLead = "换一个新密钥。上一个仍然有效的时间：",
        Revoke = "撤销",
        RevokeLead = "密钥将永久失效。",
        Sure = "确认撤销",
        NotSure = "请勾选确认后再撤销密钥。",
        Secret = "新密钥如下，只显示这一次，请复制：",
        AdminOnly = "只有用管理令牌登录才能查看本页。",
        BackToKeys = "全部访问密钥",
        Wrong = "{0}：取值不能用。",
        States = new() { ["active"] = "有效", ["disabled"] = "已停用", ["expired"] = "已过期", ["revoked"] = "已撤销" },
        Labels = new()
        {
            ["name"] = "名称",
            ["owner"] = "所有者",
            ["team"] = "团队",
            ["tags"] = "标签",
            ["enabled"] = "可以使用",
            ["expires"] = "失效时间",
            ["models"] = "模型",
            ["endpoints"] = "路径",
            ["networks"] = "网络",
            ["limits.requests"] = "调用次数",
            ["limits.tokens"] = "token 数",
            ["limits.input_tokens"] = "输入 token 数",
            ["limits.output_tokens"] = "输出 token 数",
            ["limits.concurrency"] = "同时调用数",
            ["budgets"] = "预算（美元）",
            ["alert_at"] = "预算用到百分之几时通知",
        },
    };

    public required string Title { get; init; }

    public required string Lead { get; init; }

    public required string None { get; init; }

    public required string Name { get; init; }

    public required string State { get; init; }

    public required string Endings { get; init; }

    public required string LastUsed { get; init; }

    public required string About { get; init; }

    public required string Never { get; init; }

    public required string Until { get; init; }

    public required string New { get; init; }

    public required string Create { get; init; }

    public required string Edit { get; init; }

    public required string Save { get; init; }

    public required string Rotate { get; init; }

    public required string RotateLead { get; init; }

    public required string Revoke { get; init; }

    public required string RevokeLead { get; init; }

    public required string Sure { get; init; }

    public required string NotSure { get; init; }

    public required string Secret { get; init; }

    public required string AdminOnly { get; init; }

    public required string BackToKeys { get; init; }

    public required string Wrong { get; init; }

    public required Dictionary<string, string> States { get; init; }

    public required Dictionary<string, string> Labels { get; init; }

    /// <summary>Those of the language of <paramref name="words"/>.</summary>
    public static KeyTexts Of(Words words) => words == Words.English ? English : Chinese;

    /// <summary>The label of a field.</summary>
    public string Label(string field) => Labels.GetValueOrDefault(field, field);

    /// <summary>What may stand in a field; empty if that needs no example.</summary>
    public static string Example(string field) => Examples.GetValueOrDefault(field, "");
}
