using OpenAIProxy.Gateway.Configuration;
using OpenAIProxy.Standalone.Options;

namespace OpenAIProxy.Standalone.Telling;

/// <summary>What people see once it answers: where it is, what is set, and something to try.</summary>
internal sealed class Banner(WebApplication gateway, StartArguments start, bool isDemo)
{
    private readonly GatewaySettings _settings = gateway.Services.GetRequiredService<GatewaySettings>();

    /// <summary>Writes it.</summary>
    public void Write(TextWriter output, BannerText text)
    {
        var address = Reachable(gateway.Urls.First()) + _settings.Forwarding.RoutePrefix;
        output.WriteLine($"""

            {text.Ready}: {address}
              {text.Upstream}: {(isDemo ? text.DemoUpstream : _settings.OpenAI.BaseUrl)}
              {text.Usage}: {address}/usage
              {text.Data}: {start.DataFolder}
            """);
        if (_settings.ChatLog.Directory is { } chats)
        {
            output.WriteLine($"  {text.ChatLog}: {chats}");
        }

        if (start.IsOnlyHere)
        {
            output.WriteLine($"  {text.OnlyHere}");
        }

        if (start.Configuration["workers"] is not null)
        {
            output.WriteLine($"  {text.Workers}");
        }

        var changed = ChangedSettings.Of(start, text.Hidden).ToArray();
        if (changed.Length > 0)
        {
            output.WriteLine($"{text.Settings}:");
            Array.ForEach(changed, line => output.WriteLine($"  {line}"));
        }

        output.WriteLine($"{text.Try}:");
        output.WriteLine($"  {Call(address)}");
        if (isDemo)
        {
            output.WriteLine($"{text.Cost}{Environment.NewLine}  curl {address}/billing/credit_grants{Header()}");
        }

        output.WriteLine(text.Stop);
        output.WriteLine();
        output.Flush();
    }

    // With the operator's or a caller's real key, the first try is one that costs nothing.
    private string Call(string address) => isDemo
        ? $$"""curl -N {{address}}/v1/chat/completions{{Header()}} -H "Content-Type: application/json" -d '{"model":"gpt-4o-mini","stream":true,"messages":[{"role":"user","content":"Hello!"}]}'"""
        : $"curl {address}/v1/models{Header()}";

    // Never the key itself: the banner may end up in a log.
    private string Header()
    {
        if (_settings.Access.Keys.Count > 0)
        {
            return " -H \"Authorization: Bearer $FORWARD_KEY\"";
        }

        return _settings.OpenAI.ApiKeys.Count > 0 ? "" : " -H \"Authorization: Bearer $OPENAI_API_KEY\"";
    }

    // Listening on every interface is no address to call.
    private static string Reachable(string url)
    {
        var address = new Uri(url);
        return address.DnsSafeHost is "::" or "0.0.0.0" ? $"{address.Scheme}://localhost:{address.Port}" : address.GetLeftPart(UriPartial.Authority);
    }
}
