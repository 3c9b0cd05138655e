using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenAIProxy.Gateway.Tests.Metering;

namespace OpenAIProxy.Gateway.Tests.Limits;

/// <summary>A gateway with limits in front of an upstream that tells what a chat used, and can be told to wait.</summary>
internal sealed class LimitRig : IAsyncDisposable
{
    public const string Chat = """{"model":"gpt-4o-mini","max_tokens":100,"messages":[{"role":"user","content":"hi"}]}""";

    private readonly List<GatewayHost> _gateways = [];
    private int _calls;
    private int _running;
    private int _mostAtOnce;

    private LimitRig()
    {
    }

    public AppUpstream Upstream { get; private set; } = null!;

    public GatewayHost Gateway => _gateways[0];

    public IReadOnlyList<GatewayHost> Gateways => _gateways;

    /// <summary>How many calls have reached the upstream.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>How many calls were at the upstream at the same time, at most.</summary>
    public int MostAtOnce => Volatile.Read(ref _mostAtOnce);

    /// <summary>What the answer to a chat says of its tokens.</summary>
    public (int Input, int Cached, int Output) Usage { get; set; } = (10, 0, 20);

    /// <summary>The upstream answers once this is completed.</summary>
    public Task Released { get; set; } = Task.CompletedTask;

    /// <summary>Starts one whose access key has these limits, <c>Requests</c> and its like.</summary>
    public static Task<LimitRig> OfKeyAsync(TimeProvider time, bool isMetered, params (string Field, string Value)[] limits)
        => StartAsync(time, isMetered, [("Access:Keys:0:Key", Keys.Access), ("Access:Keys:1:Key", Keys.SecondAccess),
            .. limits.Select(limit => ("Access:Keys:0:Limits:" + limit.Field, limit.Value))]);

    public static async Task<LimitRig> StartAsync(TimeProvider time, bool isMetered, params (string, string)[] settings)
    {
        var rig = new LimitRig();
        rig.Upstream = await AppUpstream.StartAsync(rig.AnswerAsync);
        await rig.AddGatewayAsync(time, isMetered, settings);
        return rig;
    }

    /// <summary>Starts one more gateway in front of the same upstream.</summary>
    public async Task AddGatewayAsync(TimeProvider time, bool isMetered, params (string, string)[] settings)
    {
        void Adjust(WebApplicationBuilder builder)
        {
            builder.Services.AddSingleton(time);
            if (isMetered)
            {
                MeteredRig.Replace(builder.Services, new TestJournal());
            }
        }

        _gateways.Add(await GatewayHost.StartAsync(
            Upstream.Address, Adjust, [("OpenAI:ApiKey", Keys.Operator), .. isMetered ? MeteredRig.Settings : [], .. settings]));
    }

    /// <summary>A chat with a key.</summary>
    public Task<HttpResponseMessage> ChatAsync(string? key = Keys.Access, string body = Chat, int gateway = 0)
        => SendAsync(HttpMethod.Post, "/v1/chat/completions", key, body, gateway);

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string target, string? key = Keys.Access, string? body = null, int gateway = 0)
    {
        var request = new HttpRequestMessage(method, target);
        request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        return _gateways[gateway].Client.SendAsync(request).Guarded();
    }

    /// <summary>The statuses of that many chats, one after the other: <c>200 429</c>.</summary>
    public async Task<string> StatusesAsync(int count, string? key = Keys.Access, string body = Chat)
    {
        var statuses = new List<int>();
        for (var i = 0; i < count; i++)
        {
            using var answer = await ChatAsync(key, body);
            statuses.Add((int)answer.StatusCode);
        }

        return string.Join(' ', statuses);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var gateway in _gateways)
        {
            await gateway.DisposeAsync();
        }

        await Upstream.DisposeAsync();
    }

    // Answers each message that asks for a response with one that is complete.
    private async Task AnswerSocketAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[4096];
        while (await socket.ReceiveAsync(buffer, context.RequestAborted) is { MessageType: WebSocketMessageType.Text } message)
        {
            var isAsked = Encoding.UTF8.GetString(buffer, 0, message.Count).Contains("create", StringComparison.Ordinal);
            var answer = !isAsked ? """{"type":"pong"}""" : $$"""
                {"type":"{{(context.Request.Path.Value!.Contains("realtime", StringComparison.Ordinal) ? "response.done" : "response.completed")}}",
                 "response":{"id":"resp_1","object":"response","status":"completed","model":"gpt-4o-mini","output":[],
                 "usage":{"input_tokens":{{Usage.Input}},"output_tokens":{{Usage.Output}},"total_tokens":{{Usage.Input + Usage.Output}} } } }
                """;
            Interlocked.Increment(ref _calls);
            await Released.WaitAsync(context.RequestAborted);
            await socket.SendAsync(Encoding.UTF8.GetBytes(answer), WebSocketMessageType.Text, endOfMessage: true, context.RequestAborted);
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (context.WebSockets.IsWebSocketRequest)
        {
            await AnswerSocketAsync(context);
            return;
        }

        Interlocked.Increment(ref _calls);
        var running = Interlocked.Increment(ref _running);
        for (var most = _mostAtOnce; running > most; most = _mostAtOnce)
        {
            Interlocked.CompareExchange(ref _mostAtOnce, running, most);
        }

        try
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            await Released.WaitAsync(context.RequestAborted);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }

        context.Response.Headers["x-ratelimit-remaining-requests"] = "9999";
        context.Response.Headers["x-ratelimit-limit-tokens"] = "8888";
        context.Response.Headers["openai-organization"] = "org-of-the-operator";
        context.Response.ContentType = "application/json";
        var usage = $$"""
            {"prompt_tokens":{{Usage.Input}},"completion_tokens":{{Usage.Output}},"total_tokens":{{Usage.Input + Usage.Output}},
             "prompt_tokens_details":{"cached_tokens":{{Usage.Cached}} } }
            """;
        await context.Response.WriteAsync($$"""{"id":"c","object":"chat.completion","model":"gpt-4o-mini","choices":[],"usage":{{usage}} }""");
    }
}
