namespace OpenAIProxy.AppHost;

/// <summary>What people see once everything is ready: where it is, what is off, and something to try.</summary>
internal static class Welcome
{
    public static async Task ShowAsync(
        string address, Upstream upstream, AccessKeys accessKeys, MadeSecret adminToken, IResourceWithConnectionString cache, CancellationToken cancellationToken)
    {
        var redis = await cache.GetConnectionStringAsync(cancellationToken);
        var keyVariable = KeyVariable(upstream, accessKeys);
        var telemetry = Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT");
        Console.WriteLine($"""

            OpenAIProxy is ready: {address}
              upstream    {upstream.Address}
              keys        {Keys(upstream, accessKeys)}
              usage       {address}/usage{(adminToken.Value is null ? "" : $" (sign in with a key, or see all with {adminToken.Value})")}
              cache       {(redis is null ? "in memory: no redis-server" : "Redis")}
              telemetry   {(World.IsAspire ? "on: see the dashboard" : string.IsNullOrEmpty(telemetry) ? "off: no OTEL_EXPORTER_OTLP_ENDPOINT" : $"on: {telemetry}")}
            Try it{(keyVariable is null ? "" : $" (in a shell where {keyVariable} is set)")}:
              {Curl(address, upstream, accessKeys, keyVariable)}
            Press Ctrl-C to stop.

            """);
    }

    private static string Keys(Upstream upstream, AccessKeys accessKeys)
        => (upstream.KeyCount, accessKeys.Count) switch
        {
            (0, _) => "none: callers bring their own (no OPENAI_API_KEY)",
            (var own, 0) => $"{own} for the upstream, for everyone on this machine who brings none (no FORWARD_KEY)",
            var (own, access) => $"{own} for the upstream, for callers with one of {access} access key(s)",
        };

    /// <summary>The variable of this shell that holds the key for a first try; null if there is none to name.</summary>
    private static string? KeyVariable(Upstream upstream, AccessKeys accessKeys)
        => (upstream.KeyCount, accessKeys.Count) switch
        {
            (0, _) => "OPENAI_API_KEY",
            (_, 1) when !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("FORWARD_KEY")) => "FORWARD_KEY",
            _ => null,
        };

    private static string Curl(string address, Upstream upstream, AccessKeys accessKeys, string? keyVariable)
    {
        var header = keyVariable is not null ? $""" -H "Authorization: Bearer ${keyVariable}" """
            : accessKeys.Count == 0 ? " "
            : """ -H "Authorization: Bearer <one of your access keys>" """;
        return upstream.IsDemo
            ? $$"""curl -N {{address}}/v1/chat/completions{{header}}-H "Content-Type: application/json" -d '{"model":"gpt-4o-mini","stream":true,"messages":[{"role":"user","content":"Hello!"}]}'"""
            : $"curl {address}/v1/models{header}".TrimEnd();
    }
}
