using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace OpenAIProxy.BillingService.Tests;

/// <summary>
/// An upstream with OpenAI's old billing routes that counts its calls, holds them when told so, and says what one test wants: every day
/// costs <see cref="CentsOf"/>, the limit is 120 dollars.
/// </summary>
public sealed class FakeBilling : IAsyncDisposable
{
    public const string SubscriptionBody =
        """{"object":"billing_subscription", "has_payment_method":true,"access_until":1893456000,"soft_limit_usd":100.0,"hard_limit_usd":110.0,"system_hard_limit_usd":120.00}""";

    public const string CreditGrantsBody =
        """{"object":"credit_summary", "total_granted":18.0,"total_used":3.5,"total_available":14.5,"grants":{"object":"list","data":[]}}""";

    private readonly ConcurrentQueue<Received> _calls = new();
    private volatile TaskCompletionSource? _hold;
    private AppUpstream _upstream = null!;
    private int _atOnce;
    private int _mostAtOnce;
    private int _aborted;

    /// <summary>One request as it came.</summary>
    public sealed record Received(string Path, string Query, IReadOnlyDictionary<string, string> Headers)
    {
        public string? Key => Headers.GetValueOrDefault("Authorization");
    }

    public Uri Address => _upstream.Address;

    public IReadOnlyList<Received> Calls => [.. _calls];

    /// <summary>How many calls were open at the same time at most.</summary>
    public int MostAtOnce => Volatile.Read(ref _mostAtOnce);

    /// <summary>How many calls are open.</summary>
    public int AtOnce => Volatile.Read(ref _atOnce);

    /// <summary>How many callers left before their answer.</summary>
    public int Aborted => Volatile.Read(ref _aborted);

    /// <summary>What a day costs, as JSON.</summary>
    public Func<DateOnly, string> CentsOf { get; set; } = _ => "10";

    /// <summary>Answers instead, if it returns true.</summary>
    public Func<HttpContext, Task<bool>> Instead { get; set; } = _ => Task.FromResult(false);

    public static async Task<FakeBilling> StartAsync()
    {
        var fake = new FakeBilling();
        fake._upstream = await AppUpstream.StartAsync(fake.AnswerAsync);
        return fake;
    }

    /// <summary>Every call from now on waits for <see cref="Release"/>.</summary>
    public void Hold() => _hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release()
    {
        _hold?.TrySetResult();
        _hold = null;
    }

    /// <summary>Answers everything with this.</summary>
    public void AnswerWith(int status, string body, string? contentType = "application/json", params (string Name, string Value)[] headers)
        => Instead = async context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = contentType;
            foreach (var (name, value) in headers)
            {
                context.Response.Headers[name] = value;
            }

            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body));
            return true;
        };

    /// <summary>Answers one of the routes with this body, the others as ever.</summary>
    public void AnswerRouteWith(string route, string body)
        => Instead = async context =>
        {
            if (!context.Request.Path.Value!.EndsWith(route, StringComparison.Ordinal))
            {
                return false;
            }

            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body));
            return true;
        };

    public ValueTask DisposeAsync() => _upstream.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        _calls.Enqueue(new Received(request.Path, request.QueryString.Value ?? "",
            request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
        var now = Interlocked.Increment(ref _atOnce);
        for (var most = MostAtOnce; now > most; most = MostAtOnce)
        {
            Interlocked.CompareExchange(ref _mostAtOnce, now, most);
        }

        try
        {
            if (_hold is { } hold)
            {
                await hold.Task.WaitAsync(context.RequestAborted);
            }

            if (!await Instead(context))
            {
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync(Body(request), context.RequestAborted);
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            Interlocked.Increment(ref _aborted);
        }
        finally
        {
            Interlocked.Decrement(ref _atOnce);
        }
    }

    private string Body(HttpRequest request) => request.Path.Value switch
    {
        "/v1/dashboard/billing/subscription" => SubscriptionBody,
        "/dashboard/billing/credit_grants" => CreditGrantsBody,
        "/v1/dashboard/billing/usage" => Usage(Day(request, "start_date"), Day(request, "end_date")),
        _ => throw new InvalidOperationException($"Nobody should ask for {request.Path}."),
    };

    private string Usage(DateOnly start, DateOnly end)
    {
        var days = Enumerable.Range(0, end.DayNumber - start.DayNumber).Select(start.AddDays).ToArray();
        var items = days.Select(day =>
            $$"""{"timestamp":{{new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero).ToUnixTimeSeconds()}}.0,"line_items":[{"name":"GPT-4","cost":{{CentsOf(day)}}}]}""");
        var total = days.Sum(day => decimal.Parse(CentsOf(day), NumberStyles.Float, CultureInfo.InvariantCulture));
        return $$"""{"object":"list", "daily_costs":[{{string.Join(",", items)}}],"total_usage":{{total.ToString(CultureInfo.InvariantCulture)}}}""";
    }

    private static DateOnly Day(HttpRequest request, string name)
        => DateOnly.ParseExact(request.Query[name].ToString(), "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
