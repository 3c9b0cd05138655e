namespace OpenAIProxy.AppHost.Settings;

/// <summary>A setting of the services that the AppHost reads or gives. It has no reference to their code; a test compares the names.</summary>
internal sealed record ServiceSetting(string Name, params string[] Aliases)
{
    public static readonly ServiceSetting BaseUrl = new("OpenAI:BaseUrl", "OPENAI_BASE_URL", "API_BASE");
    public static readonly ServiceSetting ApiKey = new("OpenAI:ApiKey", "OPENAI_API_KEY");
    public static readonly ServiceSetting PropagateTrace = new("OpenAI:PropagateTrace");
    public static readonly ServiceSetting AccessKeys = new("Access:Keys", "FORWARD_KEY");
    public static readonly ServiceSetting DrainTimeout = new("Forwarding:DrainTimeout");
    public static readonly ServiceSetting GatewayProxy = new("Forwarding:Proxy", "PROXY");
    public static readonly ServiceSetting BillingProxy = new("Billing:Proxy", "PROXY");
    public static readonly ServiceSetting JournalDirectory = new("Metering:JournalDirectory");
    public static readonly ServiceSetting LedgerFile = new("Ledger:File");
    public static readonly ServiceSetting InternalToken = new("Internal:Token");
    public static readonly ServiceSetting AdminToken = new("Billing:AdminToken");
    public static readonly ServiceSetting CacheSecret = new("Billing:CacheSecret");
    public static readonly ServiceSetting CacheConnection = new("ConnectionStrings:cache");
    public static readonly ServiceSetting LedgerConnection = new("ConnectionStrings:ledger");

    /// <summary>All of them but the connections, which are no settings of the services' tables.</summary>
    public static IReadOnlyList<ServiceSetting> All { get; } =
    [
        BaseUrl, ApiKey, PropagateTrace, AccessKeys, DrainTimeout, GatewayProxy, BillingProxy, JournalDirectory, LedgerFile, InternalToken, AdminToken,
        CacheSecret,
    ];

    /// <summary>The variable of the environment that sets it.</summary>
    public string Variable => Name.Replace(":", "__", StringComparison.Ordinal);
}
