using OpenAIProxy.Simulator.Pipeline;
using OpenAIProxy.Simulator.Shapes;
using OpenAIProxy.Simulator.Streaming;

namespace OpenAIProxy.Simulator.Endpoints;

/// <summary>Speech, transcriptions and translations.</summary>
internal static class AudioEndpoints
{
    private const long DefaultSpeechBytes = 16 * 1024;
    private const string Whisper = "whisper-1";

    public static void MapAudio(this IEndpointRouteBuilder app)
    {
        app.MapPost("/v1/audio/speech", SpeechAsync);
        app.MapPost("/v1/audio/transcriptions", TranscriptionAsync);
        app.MapPost("/v1/audio/translations", async context => await AnswerAsync(context, await ReadAsync(context), usage: ""));
    }

    private static async Task SpeechAsync(HttpContext context)
    {
        var call = await CallReader.ReadAsync(context);
        var behavior = context.Behavior();
        behavior.Tally?.Begin(context, "speech", call.Model, call.StreamFormat == "sse" ? behavior.Tokens : default);
        await (call.StreamFormat == "sse"
            ? EventStream.WriteAsync(context, behavior, new SpeechScript(behavior))
            : BinaryReply.ChunkedAsync(context, MediaType(call.ResponseFormat), behavior.BodyBytes ?? DefaultSpeechBytes));
    }

    private static string MediaType(string? format) => format switch
    {
        "wav" => "audio/wav",
        "opus" => "audio/opus",
        "aac" => "audio/aac",
        "flac" => "audio/flac",
        "pcm" => "audio/pcm",
        _ => "audio/mpeg",
    };

    private static async Task TranscriptionAsync(HttpContext context)
    {
        var form = await ReadAsync(context);
        var behavior = context.Behavior();
        var isWhisper = form["model"] == Whisper;
        behavior.Tally?.Begin(context, "transcriptions", form["model"], isWhisper ? default : behavior.Tokens);

        // whisper-1 takes stream=true and answers JSON all the same.
        await (form["stream"] == "true" && !isWhisper
            ? EventStream.WriteAsync(context, behavior, new TranscriptScript(behavior))
            : AnswerAsync(context, form, $",\"usage\":{(isWhisper ? UsageJson.Duration(behavior.Seconds) : UsageJson.Transcription(behavior.Tokens))}"));
    }

    private static async Task<MultipartForm> ReadAsync(HttpContext context)
    {
        var form = await MultipartForm.ReadAsync(context);
        if (form.Files == 0)
        {
            throw new ApiException(StatusCodes.Status400BadRequest, "'file' is a required property", param: "file");
        }

        return form["model"].Length > 0 ? form : throw new ApiException(StatusCodes.Status400BadRequest, "you must provide a model parameter");
    }

    private static Task AnswerAsync(HttpContext context, MultipartForm form, string usage)
    {
        var length = TimeSpan.FromSeconds(context.Behavior().Seconds);
        return form["response_format"] switch
        {
            "text" => Reply.TextAsync(context, Words.Text + "\n"),
            "srt" => Reply.TextAsync(context, $"1\n00:00:00,000 --> {length:hh\\:mm\\:ss},000\n{Words.Text}\n\n"),
            "vtt" => Reply.TextAsync(context, $"WEBVTT\n\n00:00:00.000 --> {length:hh\\:mm\\:ss}.000\n{Words.Text}\n\n"),
            "verbose_json" => Reply.JsonAsync(
                context,
                $$"""{"task":"transcribe","language":"english","duration":{{Json.Number((decimal)length.TotalSeconds)}},"text":{{Json.Quote(Words.Text)}},"segments":[]{{usage}}}"""),
            _ => Reply.JsonAsync(context, $$"""{"text":{{Json.Quote(Words.Text)}}{{usage}}}"""),
        };
    }
}
