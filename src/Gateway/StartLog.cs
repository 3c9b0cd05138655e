using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Configuration;

namespace OpenAIProxy.Gateway;

/// <summary>Says once, at the start, what this gateway does and for whom.</summary>
internal sealed partial class StartLog(GatewaySettings settings, IConfiguration configuration, ILogger<StartLog> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        LogStart(
            logger,
            settings.OpenAI.BaseUrl,
            settings.Forwarding.Proxy is { Address: { } proxy } ? $" through the proxy {proxy.Scheme}://{proxy.Authority}" : "",
            settings.OpenAI.ApiKeys.Count,
            settings.Access.Keys.Count,
            settings.OpenAI.ApiKeys.Count > 0 && settings.Access.Anonymous != AnonymousUse.Refused ? "may use the operator's key" : "are refused",
            settings.Billing.ToString());
        if (settings.Access is { HasManagedKeys: true, Keys.Count: 0, Anonymous: AnonymousUse.Refused })
        {
            LogManaged(logger);
        }

        if (settings.ChatLog.Directory is { } chats)
        {
            LogChats(logger, chats, settings.ChatLog.KeepDays);
        }

        if (configuration["workers"] is not null)
        {
            LogWorkers(logger);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(2201, LogLevel.Information,
        "Forwarding to {Upstream}{Proxy}. Operator's keys: {OperatorKeys}. Access keys: {AccessKeys}. Callers without a key {Anonymous}. Billing: {Billing}.")]
    private static partial void LogStart(
        ILogger logger, string upstream, string proxy, int operatorKeys, int accessKeys, string anonymous, string billing);

    [LoggerMessage(2204, LogLevel.Information,
        "No access key is configured. The operator's key is open only to those with one made at run time (/admin/keys, /usage/keys, openai-proxy keys).")]
    private static partial void LogManaged(ILogger logger);

    [LoggerMessage(2202, LogLevel.Information,
        "The chat log is on (LOG_CHAT, ChatLog:Enabled): what callers and models say is written down in {Directory} and kept for {Days} days.")]
    private static partial void LogChats(ILogger logger, string directory, int days);

    [LoggerMessage(2203, LogLevel.Information, "--workers has no effect: one process uses all processor cores.")]
    private static partial void LogWorkers(ILogger logger);
}
