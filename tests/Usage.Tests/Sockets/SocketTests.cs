using System.Text;
using OpenAIProxy.Usage.Answers;
using OpenAIProxy.Usage.Endpoints;
using OpenAIProxy.Usage.Sockets;

namespace OpenAIProxy.Usage.Tests.Sockets;

public sealed class SocketTests
{
    private const string RealtimeUsage =
        """{"total_tokens":300,"input_tokens":200,"output_tokens":100,"input_token_details":{"cached_tokens":64,"text_tokens":120,"image_tokens":0,"audio_tokens":80,"cached_tokens_details":{"text_tokens":40,"image_tokens":0,"audio_tokens":24}},"output_token_details":{"text_tokens":30,"audio_tokens":70}}""";

    private const string RealtimeTokens = "default tokens in=200 cached=64 audio=80 cachedaudio=24 out=100 audioout=70";

    private const string Usage =
        """{"input_tokens":36,"input_tokens_details":{"cached_tokens":6},"output_tokens":87,"output_tokens_details":{"reasoning_tokens":64},"total_tokens":123}""";

    private const string Tokens = "default tokens in=36 cached=6 out=87 reasoning=64";

    private static readonly string[] Billed = ["completed", "cancelled", "incomplete"];

    [Fact]
    public void Realtime_EachResponse_IsTold() => Session.Tells(
        MeterKind.Realtime,
        s =>
        {
            s.Server("""{"type":"session.created","session":{"object":"realtime.session","model":"gpt-realtime-2","audio":{"input":{"transcription":{"model":"whisper-1"}}}}}""");
            foreach (var status in Billed)
            {
                s.Client("""{"type":"response.create","response":{"instructions":"Say it"}}""");
                s.Server("""{"type":"response.created","response":{"object":"realtime.response","id":"resp_1","status":"in_progress","usage":null}}""");
                s.Pass(1.5);
                s.Server("""{"type":"response.output_audio.delta","response_id":"resp_1","delta":"AAAA"}""");
                s.Server($$"""{"type":"response.done","response":{"object":"realtime.response","id":"resp_1","status":"{{status}}","output":[{"usage":{"input_tokens":9} }],"usage":{{RealtimeUsage}} } }""");
            }
        },
        $"""
        gpt-realtime-2 {RealtimeTokens} took 1.5
        gpt-realtime-2 {RealtimeTokens} took 1.5
        gpt-realtime-2 {RealtimeTokens} took 1.5
        end gpt-realtime-2 default free
        """);

    [Fact]
    public void Realtime_Transcriptions_AreToldForTheirOwnModel() => Session.Tells(
        MeterKind.Realtime,
        s =>
        {
            s.Server("""{"type":"session.created","session":{"model":"gpt-realtime","input_audio_transcription":{"model":"gpt-4o-transcribe"}}}""");
            s.Server("""{"type":"conversation.item.input_audio_transcription.completed","transcript":"hi","usage":{"type":"tokens","input_tokens":14,"input_token_details":{"audio_tokens":14},"output_tokens":4}}""");
            s.Server("""{"type":"session.updated","session":{"model":"gpt-realtime","audio":{"input":{"transcription":{"model":"whisper-1"}}}}}""");
            s.Server("""{"usage":{"type":"duration","seconds":2.5},"type":"conversation.item.input_audio_transcription.completed"}""");
            s.Server("""{"type":"conversation.item.input_audio_transcription.completed"}""");
        },
        """
        gpt-4o-transcribe default tokens in=14 audio=14 out=4 took 0
        whisper-1 default milliseconds quantity=2500 took 0
        whisper-1 default unmetered took 0
        end gpt-realtime default free
        """);

    [Fact]
    public void Realtime_ResponseUnderWayAtTheEnd_IsCut() => Session.Tells(
        MeterKind.Realtime,
        s =>
        {
            s.Server("""{"type":"response.created","response":{"id":"resp_1","status":"in_progress"}}""");
            s.Server("""{"type":"conversation.item.input_audio_transcription.delta","delta":"what the user said"}""");
            s.Server("""{"type":"response.output_audio_transcript.delta","response_id":"resp_1","delta":"Twelve bytes"}""");
            s.Server("""{"type":"response.output_audio.delta","response_id":"resp_1","delta":"AAAAAAAAAAAAAAAA"}""");
            s.Server("""{"type":"error","error":{"code":"invalid_value"}}""");
        },
        "end - default tokens out=3 estimated cut");

    [Fact]
    public void Realtime_Failure_IsFreeAndAFailure() => Session.Tells(
        MeterKind.Realtime,
        s => s.Server("""{"type":"response.done","response":{"id":"resp_1","status":"failed","usage":null}}"""),
        "- default free error took 0\nend - default free");

    [Fact]
    public void Translation_IsToldByTime() => Session.Tells(
        MeterKind.Realtime,
        s =>
        {
            s.Server("""{"type":"session.created","session":{"model":"gpt-realtime-translate"}}""");
            s.Pass(61.25);
            s.Server("""{"type":"session.closed"}""");
            s.Pass(9);
        },
        "gpt-realtime-translate default milliseconds quantity=61250 estimated took 61.25\nend gpt-realtime-translate default free");

    [Theory]
    [InlineData(nameof(MeterKind.Realtime), "gpt-realtime-translate")]
    [InlineData(nameof(MeterKind.Translation), "interpreter")]
    public void Translation_Cut_IsEstimated(string kind, string model) => Session.Tells(
        Enum.Parse<MeterKind>(kind),
        s => s.Pass(7),
        "end - default milliseconds quantity=7000 estimated cut",
        new RequestFacts { Model = model });

    [Fact]
    public void Responses_InLanes_AreToldApart() => Session.Tells(
        MeterKind.ResponseSocket,
        s =>
        {
            s.Client("""{"type":"response.create","stream_id":"a","model":"gpt-a","input":"Sixteen bytes it"}""");
            s.Pass(1);
            s.Client("""{"type":"response.create","stream_id":"b","model":"gpt-b","input":[{"role":"user","content":[{"type":"input_text","text":"Eight by"},{"type":"input_image","image_url":"data:AAAAAAAAAAAAAAAA"}]}]}""");
            s.Server("""{"type":"response.created","stream_id":"b","response":{"id":"resp_b","object":"response","status":"in_progress"}}""");
            s.Server("""{"type":"response.created","stream_id":"a","response":{"id":"resp_a","object":"response","status":"in_progress","model":"gpt-a-2026"}}""");
            s.Server("""{"type":"response.output_text.delta","stream_id":"b","delta":"Eight by"}""");
            s.Server("""{"type":"response.output_item.done","stream_id":"b","item":{"type":"web_search_call"}}""");
            s.Server("""{"type":"response.output_text.delta","stream_id":"a","delta":"four"}""");
            s.Pass(2);
            s.Server($$"""{"type":"response.completed","stream_id":"a","response":{"id":"resp_a","object":"response","status":"completed","output":[{"type":"file_search_call"}],"usage":{{Usage}} } }""");
            s.Client("""{"type":"response.create","stream_id":"a","model":"gpt-c","instructions":"four"}""");
        },
        $"""
        gpt-a-2026 {Tokens}
        gpt-a-2026 default tool:file_search quantity=1 took 3
        end gpt-b default tokens in=2 out=2 estimated
        gpt-b default tool:web_search quantity=1
        gpt-c default tokens in=1 estimated cut
        """);

    [Fact]
    public void Responses_Refused_AreFailures() => Session.Tells(
        MeterKind.ResponseSocket,
        s =>
        {
            s.Client("""{"type":"response.create","model":"gpt-a","input":"hi"}""");
            s.Server("""{"type":"error","status":400,"error":{"type":"invalid_request_error","code":"x"}}""");
            s.Client("""{"type":"response.create","model":"gpt-a","input":"hi"}""");
            s.Server("""{"type":"response.created","response":{"id":"resp_a","status":"in_progress","model":"gpt-a"}}""");
            s.Server($$"""{"type":"response.failed","response":{"id":"resp_a","status":"failed","error":{"code":"x"},"usage":{{Usage}} } }""");
            s.Server("""{"type":"response.completed"}""");
        },
        $"gpt-a default free error took 0\ngpt-a {Tokens} error took 0\nend - default free");

    [Fact]
    public void Live_Seconds_AreToldAsTheyGrow() => Session.Tells(
        MeterKind.Live,
        s =>
        {
            s.Client("""{"type":"session.start","session":{"model":"gpt-live-1"}}""");
            s.Server("""{"type":"session.started","session":{"id":"live_1"}}""");
            s.Pass(10);
            s.Server("""{"type":"session.usage.updated","usage":{"seconds":9.5}}""");
            s.Server("""{"type":"session.output_audio.delta","delta":"AAAA"}""");
            s.Server("""{"type":"response.event","event":{"type":"response.created","response":{"id":"resp_1","model":"gpt-5.6-sol","status":"in_progress"}}}""");
            s.Pass(10);
            s.Server("""{"type":"session.usage.updated","usage":{"seconds":20}}""");
            s.Server("""{"type":"session.usage.updated","usage":{"seconds":20}}""");
            s.Server($$"""{"type":"response.event","event":{"type":"response.completed","response":{"id":"resp_1","model":"gpt-5.6-sol","usage":{{Usage}} } } }""");
            s.Server($$"""{"type":"response.event","response":{"event":{"type":"response.completed","response":{"id":"resp_2","model":"gpt-5.6-sol","usage":{{Usage}} } } } }""");
            s.Pass(2);
            s.Server("""{"type":"session.closed","usage":{"seconds":21},"reason":"close_requested"}""");
        },
        $"""
        gpt-live-1 default milliseconds quantity=9500 took 10
        gpt-live-1 default milliseconds quantity=10500 took 10
        gpt-5.6-sol {Tokens} took 10
        gpt-5.6-sol {Tokens} took 0
        gpt-live-1 default milliseconds quantity=1000 took 2
        end gpt-live-1 default free
        """);

    [Fact]
    public void Live_Cut_EstimatesTheRest() => Session.Tells(
        MeterKind.Live,
        s =>
        {
            s.Server("""{"type":"session.started","session":{"model":"gpt-live-1.1"}}""");
            s.Pass(10);
            s.Server("""{"type":"session.usage.updated","usage":{"seconds":10}}""");
            s.Pass(4);
        },
        "gpt-live-1.1 default milliseconds quantity=10000 took 10\nend gpt-live-1.1 default milliseconds quantity=4000 estimated cut");

    [Fact]
    public void LongMessages_AllocateNothing()
    {
        var meter = SocketMeter.Create(MeterKind.Realtime, new RequestFacts(), TimeProvider.System, (_, _) => { });
        var audio = Encoding.UTF8.GetBytes("{\"type\":\"response.output_audio.delta\",\"response_id\":\"resp_1\",\"delta\":\"" + new string('A', 8000) + "\"}");
        meter.Observe(fromClient: false, """{"type":"response.created","response":{"id":"resp_1"}}"""u8, isEnd: true);
        meter.Observe(fromClient: false, audio, isEnd: true);
        meter.Observe(fromClient: true, audio, isEnd: true);
        var allocated = Allocations.During(() =>
        {
            for (var i = 0; i < 3000; i++)
            {
                meter.Observe(fromClient: false, audio.AsSpan(0, i), isEnd: false);
                meter.Observe(fromClient: false, audio.AsSpan(i), isEnd: true);
                meter.Observe(fromClient: true, audio, isEnd: true);
            }
        });

        Assert.InRange(allocated, 0, 1000);
    }

    [Theory]
    [InlineData(nameof(MeterKind.Realtime))]
    [InlineData(nameof(MeterKind.ResponseSocket))]
    [InlineData(nameof(MeterKind.Live))]
    public async Task BothDirections_WithGarbage_NeverThrow(string kind)
    {
        string[] words =
        [
            "{", "}", "[", "]", "\"", "\\", ":", ",", "\"type\":", "\"response.create\"", "\"response.created\"", "\"response.done\"", "\"response\":",
            "\"session.closed\"", "\"session.usage.updated\"", "\"usage\":", "\"seconds\":", "12", "\"error\"", "\"event\":", "\"stream_id\":", "\"a\"",
            "{\"type\":\"response.created\",\"response\":{\"id\":\"x\"}}", "{\"type\":\"response.create\",\"model\":\"m\"}",
            "{\"type\":\"response.completed\",\"response\":{\"usage\":{\"input_tokens\":1}}}", "{\"type\":\"error\"}",
        ];
        var meter = SocketMeter.Create(Enum.Parse<MeterKind>(kind), new RequestFacts(), TimeProvider.System, (_, _) => { });
        void Send(bool fromClient, int seed)
        {
            var random = new Random(seed);
            for (var i = 0; i < 20_000; i++)
            {
                meter.Observe(fromClient, Encoding.UTF8.GetBytes(words[random.Next(words.Length)]), random.Next(3) == 0);
            }
        }

        await Task.WhenAll(Task.Run(() => Send(fromClient: true, 1)), Task.Run(() => Send(fromClient: false, 2)));
        Assert.NotEmpty(meter.Finish().Lines);
    }
}
