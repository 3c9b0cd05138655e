using Microsoft.Extensions.DependencyInjection;
using OpenAIProxy.AppHost.Caching;
using OpenAIProxy.AppHost.Settings;
using OpenAIProxy.AppHost.Storage;
using OpenAIProxy.AppHost.Telemetry;
using OpenAIProxy.AppHost.Upstreams;

namespace OpenAIProxy.AppHost.Running;

/// <summary>What people see once everything is ready: where it is, what is off, and something to try.</summary>
internal sealed record Welcome(
    IResourceBuilder<ProjectResource> Gateway, IResourceBuilder<ProjectResource> Billing, Upstream Upstream, AccessKeys AccessKeys,
    GeneratedSecret AdminToken, AppCache Cache, AppLedger Ledger, TelemetryTarget Telemetry)
{
    /// <summary>The name that Aspire gives the dashboard's resource.</summary>
    public const string Dashboard = "aspire-dashboard";

    private static readonly TimeSpan DashboardLimit = TimeSpan.FromSeconds(30);

    /// <summary>Writes it to the console.</summary>
    public async Task ShowAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var resources = services.GetRequiredService<ResourceNotificationService>();
        await resources.WaitForResourceHealthyAsync(Billing.Resource.Name, cancellationToken);
        if (Upstream.Simulator is { } simulator)
        {
            await resources.WaitForResourceHealthyAsync(simulator.Resource.Name, cancellationToken);
        }

        var dashboard = await DashboardAsync(services, cancellationToken);
        var address = Gateway.GetEndpoint("http").Url;
        var admin = AdminToken.Generated is null ? "" : $" (sign in with a key, or see all with {AdminToken.Generated})";
        var telemetry = Telemetry.Collector is { } collector ? $"to {collector}" : dashboard is null ? "off: there is no dashboard" : "to the dashboard";
        var keyVariable = KeyVariable();
        var header = Header(keyVariable);
        Console.WriteLine($"""

            OpenAIProxy is ready: {address}{Network(address)}
              upstream    {Upstream.Address}
              keys        {Keys()}
              usage       {address}/usage{admin}
              dashboard   {dashboard ?? "off"}
              cache       {Cache.Description}
              ledger      {Ledger.Description}
              telemetry   {telemetry}
            Try it{(keyVariable is null ? "" : $" (in a shell where {keyVariable} is set)")}:
              {Call(address, header)}{Question(address, header)}
            Press Ctrl-C to stop.

            """);
    }

    // With the token that signs in; null if there is no dashboard, as in tests, or it doesn't come up.
    private static async Task<string?> DashboardAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        if (!services.GetRequiredService<DistributedApplicationModel>().Resources.Any(resource => resource.Name == Dashboard))
        {
            return null;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(DashboardLimit);
        try
        {
            var running = await services.GetRequiredService<ResourceNotificationService>()
                .WaitForResourceAsync(Dashboard, change => Login(change.Snapshot) is not null, limit.Token);
            return Login(running.Snapshot);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private static string? Login(CustomResourceSnapshot snapshot)
        => snapshot.Urls.FirstOrDefault(url => url is { IsInactive: false } && url.Url.Contains("/login?", StringComparison.Ordinal))?.Url;

    private bool IsPublic => Gateway.Resource.Annotations.OfType<EndpointAnnotation>().Any(endpoint => endpoint.TargetHost == GatewayEndpoint.AnyAddress);

    // Where others reach it; nothing where only this machine does.
    private string Network(string address)
    {
        if (!IsPublic)
        {
            return "";
        }

        var port = new Uri(address).Port;
        var own = GatewayEndpoint.NetworkAddresses().Select(ip => $"http://{ip}:{port}");
        return $"{Environment.NewLine}  network     {string.Join(", ", own.DefaultIfEmpty("this machine has no address in a network"))}";
    }

    private string Keys() => (Upstream.KeyCount, AccessKeys.Count) switch
    {
        (0, _) => "none: callers bring their own (no OPENAI_API_KEY)",
        (var own, 0) when IsPublic => $"{own} for the upstream, for everyone in your network who brings none (Access:AllowAnonymous)",
        (var own, 0) => $"{own} for the upstream, for everyone on this machine who brings none (no FORWARD_KEY)",
        (var own, var access) => $"{own} for the upstream, for callers with one of {access} access key(s)",
    };

    /// <summary>The variable of this shell that holds the key for a first try; null if there is none to name.</summary>
    private string? KeyVariable() => (Upstream.KeyCount, AccessKeys.Count) switch
    {
        (0, _) => "OPENAI_API_KEY",
        (_, 1) when !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("FORWARD_KEY")) => "FORWARD_KEY",
        _ => null,
    };

    // curl's option with the key, after a space; empty where none is needed.
    private string Header(string? keyVariable)
    {
        if (keyVariable is not null)
        {
            // ann:fk-...: callers show the key without its name.
            var isNamed = Environment.GetEnvironmentVariable(keyVariable)?.Contains(':', StringComparison.Ordinal) ?? false;
            return $" -H \"Authorization: Bearer ${(isNamed ? $"{{{keyVariable}#*:}}" : keyVariable)}\"";
        }

        return AccessKeys.Count > 0 ? " -H \"Authorization: Bearer <one of your access keys>\"" : "";
    }

    // With the operator's or a caller's real key, the first try is one that costs nothing.
    private string Call(string address, string header) => Upstream.IsDemo
        ? $$"""curl -N {{address}}/v1/chat/completions{{header}} -H "Content-Type: application/json" -d '{"model":"gpt-4o-mini","stream":true,"messages":[{"role":"user","content":"Hello!"}]}'"""
        : $"curl {address}/v1/models{header}";

    // In demos, where the call has cost something.
    private string Question(string address, string header) => Upstream.IsDemo
        ? $"{Environment.NewLine}What did it cost?{Environment.NewLine}  curl {address}/billing/credit_grants{header}"
        : "";
}
