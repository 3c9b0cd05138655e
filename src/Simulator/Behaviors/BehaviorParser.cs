using System.Globalization;
using OpenAIProxy.Simulator.Billing;
using OpenAIProxy.Simulator.Pipeline;
using OpenAIProxy.Simulator.Shapes;

namespace OpenAIProxy.Simulator.Behaviors;

/// <summary>Reads <c>x-sim-*</c> headers. A value that can't be used, or an unknown name, is refused with 400: a typo must not pass as a test.</summary>
internal static class BehaviorParser
{
    private const string Prefix = "x-sim-";

    public static readonly TimeSpan LongestDelay = TimeSpan.FromHours(1);

    /// <summary>Returns <paramref name="defaults"/> itself if no such header is there.</summary>
    public static Behavior Parse(IHeaderDictionary headers, Behavior defaults)
    {
        var behavior = defaults;
        foreach (var header in headers)
        {
            if (header.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            {
                foreach (var value in header.Value)
                {
                    behavior = Apply(behavior, header.Key[Prefix.Length..].ToLowerInvariant(), value!);
                }
            }
        }

        return behavior;
    }

    private static Behavior Apply(Behavior b, string name, string value) => name switch
    {
        "first-byte-ms" => b with { FirstByteDelay = Delay(name, value) },
        "head-then-ms" => b with { DelayAfterHead = Delay(name, value) },
        "chunk-ms" => b with { ChunkDelay = Delay(name, value) },
        "chunks" => b with { Chunks = (int)Number(name, value, 0, 10_000_000) },
        "prompt-tokens" => b with { Tokens = b.Tokens with { Prompt = Tokens(name, value) } },
        "completion-tokens" => b with { Tokens = b.Tokens with { Completion = Tokens(name, value) } },
        "cached-tokens" => b with { Tokens = b.Tokens with { Cached = Tokens(name, value) } },
        "reasoning-tokens" => b with { Tokens = b.Tokens with { Reasoning = Tokens(name, value) } },
        "cache-write-tokens" => b with { Tokens = b.Tokens with { CacheWrite = Tokens(name, value) } },
        "audio-input-tokens" => b with { Tokens = b.Tokens with { AudioInput = Tokens(name, value) } },
        "audio-output-tokens" => b with { Tokens = b.Tokens with { AudioOutput = Tokens(name, value) } },
        "seconds" => b with { Seconds = (int)Number(name, value, 0, 86_399) },
        "service-tier" => b with { ServiceTier = Text(name, value) },
        "model" => b with { Model = Text(name, value) },
        "tools" => b with { Tools = ToolCalls.Parse(value) ?? throw Wrong(name, value) },
        "response-status" => b with { ResponseStatus = ResponseJson.IsStatus(value) ? value : throw Wrong(name, value) },
        "tag" => b with { Tag = Text(name, value) },
        "status" => b with { Status = (int)Number(name, value, 200, 599) },
        "error-body" => b with { ErrorBody = value switch { "html" => ErrorBody.Html, "empty" => ErrorBody.Empty, _ => throw Wrong(name, value) } },
        "fault" => b with { Fault = Fault(name, value) },
        "hang" => b with { HangBeforeHead = value == "head" ? true : throw Wrong(name, value) },
        "sse" => b with { Sse = value.Split(',', StringSplitOptions.TrimEntries).Aggregate(b.Sse, (shape, item) => shape | Shape(name, item)) },
        "huge-bytes" => b with { HugeBytes = (int)Number(name, value, 0, 1_000_000_000) },
        "encoding" => b with { Encoding = value switch { "gzip" => BodyEncoding.Gzip, "br" => BodyEncoding.Brotli, _ => throw Wrong(name, value) } },
        "body-bytes" => b with { BodyBytes = Number(name, value, 0, 10_000_000_000) },
        "billing" when value == "open" => b with { Billing = BillingAccess.Open },
        "billing" => b with { Billing = value == "session-key" ? BillingAccess.SessionKey : throw Wrong(name, value) },
        "record" => b with { RecordId = value },
        "echo" => b with { Echo = value == "1" ? true : throw Wrong(name, value) },
        "header" => b with { Headers = [.. b.Headers, Pair(name, value)] },
        "trailer" => b with { Trailers = [.. b.Trailers, Pair(name, value)] },
        _ => throw new ApiException(StatusCodes.Status400BadRequest, $"{Prefix}{name} is no header of the simulator."),
    };

    private static Fault Fault(string name, string value) => value switch
    {
        "reset" => Behaviors.Fault.Reset,
        "eof" => Behaviors.Fault.Eof,
        "hang" => Behaviors.Fault.Hang,
        "no-done" => Behaviors.Fault.NoDone,
        "error-event" => Behaviors.Fault.ErrorEvent,
        "error-200" => Behaviors.Fault.Error200,
        _ => throw Wrong(name, value),
    };

    private static SseShape Shape(string name, string value) => value switch
    {
        "crlf" => SseShape.Crlf,
        "cr" => SseShape.Cr,
        "no-final-blank" => SseShape.NoFinalBlank,
        "comments" => SseShape.Comments,
        "split-utf8" => SseShape.SplitUtf8,
        "one-byte" => SseShape.OneByte,
        "huge-line" => SseShape.HugeLine,
        _ => throw Wrong(name, value),
    };

    private static TimeSpan Delay(string name, string value)
        => TimeSpan.FromMilliseconds(Number(name, value, 0, (long)LongestDelay.TotalMilliseconds));

    private static int Tokens(string name, string value) => (int)Number(name, value, 0, int.MaxValue);

    private static long Number(string name, string value, long min, long max)
        => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw Wrong(name, value);

    private static string Text(string name, string value) => value.Length > 0 ? value : throw Wrong(name, value);

    private static KeyValuePair<string, string> Pair(string name, string value)
        => value.IndexOf('=', StringComparison.Ordinal) is var at and > 0 ? new(value[..at], value[(at + 1)..]) : throw Wrong(name, value);

    private static ApiException Wrong(string name, string value)
        => new(StatusCodes.Status400BadRequest, $"{Prefix}{name}: '{value}' can't be used there.");
}
