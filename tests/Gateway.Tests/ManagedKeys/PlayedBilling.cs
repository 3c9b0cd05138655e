using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using OpenAIProxy.Contracts;
using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.Gateway.Tests.ManagedKeys;

/// <summary>A billing service, as far as a gateway asks it for access keys.</summary>
internal sealed class PlayedBilling : IAsyncDisposable
{
    private readonly AppUpstream _app;
    private readonly State _state;

    private PlayedBilling(AppUpstream app, State state)
    {
        _app = app;
        _state = state;
    }

    public Uri Address => _app.Address;

    /// <summary>What was asked besides: method, target and Authorization.</summary>
    public IReadOnlyCollection<string> Asked => _state.Asked;

    public static async Task<PlayedBilling> StartAsync(params string[] keys)
    {
        var state = new State();
        state.Set(Snapshot(1, keys));
        return new PlayedBilling(await AppUpstream.StartAsync(state.AnswerAsync), state);
    }

    /// <summary>Other keys; the gateways that wait are told.</summary>
    public void Set(long version, params string[] keys) => _state.Set(Snapshot(version, keys));

    /// <summary>Answers the next questions with this status and no keys; 0 for keys again.</summary>
    public void Fail(int status) => _state.Fail(status);

    /// <summary>A key as the billing service tells it.</summary>
    public static string Key(string name, params string[] secrets) => AccessKeyJson.Write(Record(name, secrets));

    public static AccessKeyRecord Record(string name, params string[] secrets) => new()
    {
        Id = KeyId.Of(name).Value,
        Name = name,
        Secrets = [.. secrets.Select(secret => new KeySecret(Convert.ToHexStringLower(
            System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(secret))), secret[^4..]))],
    };

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static (long, string) Snapshot(long version, string[] keys)
        => (version, string.Create(CultureInfo.InvariantCulture, $$"""{"version":{{version}},"keys":[{{string.Join(',', keys)}}]}"""));

    private sealed class State
    {
        private readonly Lock _lock = new();
        private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private (long Version, string Body) _snapshot;
        private int _status;

        public ConcurrentQueue<string> Asked { get; } = [];

        public void Set((long, string) snapshot) => Change(() => _snapshot = snapshot);

        public void Fail(int status) => Change(() => _status = status);

        public async Task AnswerAsync(HttpContext context)
        {
            if (context.Request.Path != KeySnapshot.Path)
            {
                Asked.Enqueue($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString} {context.Request.Headers.Authorization}");
                context.Response.StatusCode = context.Request.Path.StartsWithSegments("/health") ? 200 : 418;
                return;
            }

            Assert.Equal(GatewayHost.InternalToken, context.Request.Headers[InternalHeaders.Token].ToString());
            while (true)
            {
                var (snapshot, status, changed) = Now();
                if (status != 0)
                {
                    context.Response.StatusCode = status;
                    return;
                }

                if (context.Request.Query[KeySnapshot.After] != snapshot.Version.ToString(CultureInfo.InvariantCulture))
                {
                    context.Response.ContentType = "application/json";
                    await context.Response.WriteAsync(snapshot.Body);
                    return;
                }

                await changed.WaitAsync(context.RequestAborted);
            }
        }

        private ((long Version, string Body) Snapshot, int Status, Task Changed) Now()
        {
            lock (_lock)
            {
                return (_snapshot, _status, _changed.Task);
            }
        }

        private void Change(Action change)
        {
            lock (_lock)
            {
                change();
                _changed.TrySetResult();
                _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }
}
