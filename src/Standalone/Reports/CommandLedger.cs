using System.Net.Http.Headers;
using System.Text;
using OpenAIProxy.BillingService.Commands;
using OpenAIProxy.BillingService.Keys.Admin;
using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.Contracts;
using OpenAIProxy.Gateway.Billing;
using OpenAIProxy.ServiceDefaults.Configuration;
using OpenAIProxy.Standalone.Hosting;
using OpenAIProxy.Standalone.Options;
using OpenAIProxy.Standalone.Transport;

namespace OpenAIProxy.Standalone.Reports;

/// <summary>
/// The billing service for the time of one command, reached in memory: what a command says of the ledger is what the service says. It may run
/// beside a process that serves: SQLite lets one write and many read.
/// </summary>
internal sealed class CommandLedger : IAsyncDisposable
{
    private readonly WebApplication _billing;
    private readonly MemoryTransport _transport;
    private readonly HttpMessageInvoker _client;
    private readonly string _adminToken;

    private CommandLedger(WebApplication billing, MemoryTransport transport, string adminToken, string internalToken)
    {
        _billing = billing;
        _transport = transport;
        _client = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false, ConnectCallback = transport.ConnectAsync });
        _adminToken = adminToken;
        InternalToken = internalToken;
    }

    /// <summary>The secret by which it knows this command.</summary>
    public string InternalToken { get; }

    /// <summary>The way to it.</summary>
    public BillingDial Dial => new(_transport.ConnectAsync);

    /// <summary>Starts it.</summary>
    /// <exception cref="SettingsException">The settings can't be used.</exception>
    /// <exception cref="CommandFailedException">There is no ledger, or it can't be read.</exception>
    public static async Task<CommandLedger> StartAsync(StartArguments start)
    {
        var transport = new MemoryTransport();
        var (adminToken, internalToken) = (StartArguments.NewToken(), StartArguments.NewToken());
        // Who runs this can read the ledger's file: the command is the admin, by a token of its own.
        string[] args = [.. start.Args, $"--Billing:AdminToken={adminToken}", "--ConnectionStrings:cache="];
        var billing = Halves.BuildBilling(args, internalToken, transport, builder =>
        {
            builder.Services.LeaveLedgerToOther();
            builder.Services.AddSingleton(AdminActor.CommandLine);
            // What a command says is its output.
            builder.Logging.ClearProviders();
        });
        try
        {
            await ExistingLedger.OpenAsync(billing.Services);
            await billing.StartAsync();
            return new CommandLedger(billing, transport, adminToken, internalToken);
        }
        catch
        {
            await billing.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks it. The answer's body is read as it comes.</summary>
    /// <param name="target">Path and query.</param>
    /// <param name="keyId">Whose usage; null for that of all keys.</param>
    public async Task<HttpResponseMessage> GetAsync(string target, string? keyId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Halves.BillingAddress + target);
        if (keyId is null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _adminToken);
        }
        else
        {
            request.Headers.Add(InternalHeaders.KeyId, keyId);
            request.Headers.Add(InternalHeaders.Token, InternalToken);
        }

        return await _client.SendAsync(request, CancellationToken.None);
    }

    /// <summary>Asks its admin API.</summary>
    /// <param name="method">How.</param>
    /// <param name="target">Path and query.</param>
    /// <param name="json">The body; null for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string target, string? json, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, Halves.BillingAddress + target);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _adminToken);
        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        return await _client.SendAsync(request, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _billing.StopAsync();
        await _billing.DisposeAsync();
    }
}
