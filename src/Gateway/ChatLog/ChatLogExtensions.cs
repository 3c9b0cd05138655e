using Microsoft.Extensions.DependencyInjection.Extensions;
using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.ChatLog.Files;
using OpenAIProxy.Gateway.ChatLog.Lines;
using OpenAIProxy.Gateway.Forwarding;
using OpenAIProxy.Gateway.Forwarding.Bodies;

namespace OpenAIProxy.Gateway.ChatLog;

/// <summary>Registers the chat log, if it is on. Behind metering, whose observer it takes in.</summary>
internal static class ChatLogExtensions
{
    /// <summary>The key under which the log's own <see cref="BodyMemory"/> is registered.</summary>
    public const string Memory = "chat log";

    /// <summary>Bytes of all calls, in progress and waiting for the disk.</summary>
    private const long MostMemory = 128 * 1024 * 1024;

    public static void AddChatLog(this IServiceCollection services, ChatLogSettings settings)
    {
        if (settings.Directory is not { } directory)
        {
            return;
        }

        services.AddSingleton(settings);
        services.AddSingleton<ChatLogTelemetry>();
        services.AddSingleton<ChatLogQueue>();
        services.AddKeyedSingleton(Memory, new BodyMemory(MostMemory));
        services.AddSingleton(s => new ChatLogFolder(directory, s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(s => new ChatLogFile(s.GetRequiredService<ChatLogFolder>(), settings.MaxFileBytes, s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(s =>
        {
            var rules = s.GetRequiredService<AccessRules>();
            var mask = new KeyMask(Secrets(rules.Current));
            // Before the first call with a new key.
            rules.Changing += next => mask.Replace(Secrets(next));
            return mask;
        });
        services.AddSingleton(s => new BodyText(s.GetRequiredService<KeyMask>(), settings.MaxBodyBytes, s.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<AccessKeyLabels>();
        services.AddSingleton<LineFormat>();
        services.AddHostedService<ChatLogService>();
        services.WrapCallObservers((s, inner) => ActivatorUtilities.CreateInstance<LoggedCalls>(s, inner));
    }

    private static string[] Secrets(AccessSnapshot access) => [.. access.OpenAI.ApiKeys, .. access.KnownKeys.Select(key => key.Key).OfType<string>()];
}
