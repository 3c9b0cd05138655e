using OpenAIProxy.Usage.Answers;
using OpenAIProxy.Usage.Endpoints;

namespace OpenAIProxy.Usage.Tests.Answers;

public sealed class MediaTests
{
    private const string ImageUsage =
        """{"input_tokens":50,"input_tokens_details":{"text_tokens":40,"image_tokens":10},"output_tokens":4160,"output_tokens_details":{"image_tokens":4160,"text_tokens":0},"total_tokens":4210}""";

    [Theory]
    [InlineData(
        """{"text":"hello","usage":{"type":"tokens","input_tokens":14,"input_token_details":{"text_tokens":0,"audio_tokens":14},"output_tokens":4,"total_tokens":18}}""",
        "- default tokens in=14 audio=14 out=4")]
    [InlineData("""{"text":"hello","usage":{"type":"duration","seconds":9}}""", "- default milliseconds quantity=9000")]
    [InlineData("""{"text":"a","duration":8.4709,"segments":[{"duration":99}],"usage":{"seconds":9,"type":"duration"}}""", "- default milliseconds quantity=9000")]
    [InlineData("""{"task":"transcribe","duration":8.4709,"segments":[{"duration":99}],"text":"a"}""", "- default milliseconds quantity=8471")]
    [InlineData("""{"duration":"8.47","text":"\"usage\":{\"type\":\"duration\",\"seconds\":900}"}""", "- default milliseconds quantity=8470")]
    [InlineData("""{"text":"hello"}""", "- default unmetered")]
    [InlineData("""{"error":{"message":"no"}}""", "- default free error")]
    public void Transcription_AsJson_IsTold(string answer, string expected)
        => Cut.Anywhere(MeterKind.Transcription, Cut.Json, answer, expected, new RequestFacts { Stream = true });

    [Theory]
    [InlineData("1\n00:00:00,000 --> 00:00:02,500\nHello -> there -- you\n\n2\n01:01:02,345 --> 01:01:05,001\nBye", "- default milliseconds quantity=3665001 estimated")]
    [InlineData("WEBVTT\n\n00:00.000 --> 00:02.500 align:start\nHello\n\n00:58.000 --> 01:02.345\nBye --> bye --> 7\n", "- default milliseconds quantity=62345 estimated")]
    [InlineData("WEBVTT\n\n00:00.000 --> 00:02.500", "- default milliseconds quantity=2500 estimated")]
    [InlineData("Hello there --> you, 12:30.5", "- default unmetered")]
    [InlineData("", "- default unmetered")]
    public void Transcription_AsText_IsToldByItsLastTime(string answer, string expected)
    {
        Cut.Anywhere(MeterKind.Transcription, "text/plain; charset=utf-8", answer, expected);
        Cut.Anywhere(MeterKind.Transcription, "text/vtt", answer.Replace("\n", "\r\n"), expected);
    }

    [Fact]
    public void Transcription_AsStream_IsTold() => Cut.Anywhere(
        MeterKind.Transcription,
        Cut.Events,
        """
        data: {"type":"transcript.text.delta","delta":"hel"}

        data: {"type":"transcript.text.done","text":"hello","usage":{"type":"tokens","input_tokens":14,"input_token_details":{"text_tokens":0,"audio_tokens":14},"output_tokens":4}}


        """,
        "- default tokens in=14 audio=14 out=4");

    [Fact]
    public void Transcription_CutStream_IsUnmeteredAndCut() => Cut.Anywhere(
        MeterKind.Transcription, Cut.Events, "data: {\"type\":\"transcript.text.delta\",\"delta\":\"hel\"}\n\n", "- default unmetered cut");

    [Theory]
    [InlineData("audio/mpeg", 12, true, "- default characters quantity=12")]
    [InlineData("audio/mpeg", 12, false, "- default characters quantity=12 estimated cut")]
    [InlineData("application/octet-stream", 0, true, "- default unmetered")]
    [InlineData(null, 3, true, "- default characters quantity=3")]
    public void Speech_AsAudio_IsToldByCharacters(string? contentType, int characters, bool isWhole, string expected)
        => Assert.Equal(
            expected,
            Cut.Tell(AnswerMeters.Create(MeterKind.Speech, new RequestFacts { Characters = characters }, 200, contentType), isWhole, [1, 2, 3]));

    [Fact]
    public void Speech_AsStream_IsTold() => Cut.Anywhere(
        MeterKind.Speech,
        Cut.Events,
        """
        data: {"type":"speech.audio.delta","audio":"AAAA"}

        data: {"type":"speech.audio.done","usage":{"input_tokens":7,"output_tokens":90,"total_tokens":97}}


        """,
        "- default tokens in=7 out=90",
        new RequestFacts { Characters = 30 });

    [Fact]
    public void Speech_CutStream_IsToldByCharacters() => Cut.Anywhere(
        MeterKind.Speech,
        Cut.Events,
        "data: {\"type\":\"speech.audio.delta\",\"audio\":\"AAAA\"}\n\n",
        "- default characters quantity=30 estimated cut",
        new RequestFacts { Characters = 30 });

    [Fact]
    public void Images_WithUsage_AreTold() => Image(
        $$"""{"created":1,"size":"1024x1024","quality":"high","data":[{"b64_json":"AAAA","usage":{"input_tokens":9} }],"usage":{{ImageUsage}} }""",
        "- default tokens in=50 image=10 out=4160 imageout=4160");

    [Theory]
    [InlineData("dall-e-3", null, null, "- default image:standard 1024x1024 quantity=2")]
    [InlineData("dall-e-3", "hd", "1024x1792", "- default image:hd 1024x1792 quantity=2")]
    [InlineData("dall-e-2", null, "256x256", "- default image:256x256 quantity=2")]
    [InlineData(null, null, null, "dall-e-2 default image:1024x1024 quantity=2")]
    [InlineData("gpt-image-1", "low", "1536x1024", "- default image:low 1536x1024 quantity=2 estimated")]
    [InlineData("gpt-image-1", null, null, "- default image:auto auto quantity=2 estimated")]
    public void Images_WithoutUsage_AreToldByNumber(string? model, string? quality, string? size, string expected) => Image(
        """{"created":1,"data":[{"url":"https://x/{}"},{"b64_json":"AAAA","revised_prompt":"a [b"}]}""",
        expected,
        new RequestFacts { Model = model, Quality = quality, Size = size, Count = 3 });

    [Fact]
    public void Images_NamedInTheAnswer_AreToldByIt() => Image(
        """{"size":"1024x1536","quality":"medium","data":[{}]}""",
        "- default image:medium 1024x1536 quantity=1 estimated",
        new RequestFacts { Model = "gpt-image-1", Quality = "auto", Size = "auto" });

    [Fact]
    public void Images_Failed_AreFree() => Image("""{"error":{"code":"moderation_blocked"}}""", "- default free error");

    [Fact]
    public void Images_Cut_AreEstimated() => Cut.Anywhere(
        MeterKind.Image,
        Cut.Json,
        """{"data":[{"url":"https://""",
        "- default image:standard 1024x1024 quantity=3 estimated cut",
        new RequestFacts { Model = "dall-e-3", Count = 3 },
        isWhole: false);

    [Theory]
    [InlineData("image_generation")]
    [InlineData("image_edit")]
    public void Images_AsStream_AddUp(string type) => Cut.Anywhere(
        MeterKind.Image,
        Cut.Events,
        $$"""
        data: {"type":"{{type}}.partial_image","b64_json":"AAAA","partial_image_index":0}

        data: {"type":"{{type}}.completed","b64_json":"AAAA","usage":{{ImageUsage}},"size":"1024x1024"}

        data: {"usage":{{ImageUsage}},"type":"{{type}}.completed"}


        """,
        "- default tokens in=100 image=20 out=8320 imageout=8320",
        new RequestFacts { Count = 2 });

    [Fact]
    public void Images_CutStream_IsCut() => Cut.Anywhere(
        MeterKind.Image,
        Cut.Events,
        $"data: {{\"type\":\"image_generation.completed\",\"usage\":{ImageUsage}}}\n\n",
        "- default tokens in=50 image=10 out=4160 imageout=4160 cut",
        new RequestFacts { Count = 2 });

    [Theory]
    [InlineData("""{"id":"video_1","object":"video","model":"sora-2","seconds":"8","size":"720x1280","status":"queued","error":null}""", "sora-2 default video:720x1280 quantity=8000")]
    [InlineData("""{"id":"video_1","object":"video","model":"sora-2","seconds":12,"size":"1280x720","status":"queued"}""", "sora-2 default video:1280x720 quantity=12000")]
    [InlineData("""{"id":"video_1","object":"video","model":"sora-2","status":"queued"}""", "sora-2 default video:1792x1024 quantity=4000 estimated")]
    [InlineData("""{"id":"video_1","object":"video","model":"sora-2","seconds":"8","status":"failed","error":{"code":"x"}}""", "sora-2 default free error")]
    [InlineData("""{"object":"list","data":[{"seconds":"8"}]}""", "- default free")]
    public void Video_IsToldBySeconds(string answer, string expected)
        => Cut.Anywhere(MeterKind.Video, Cut.Json, answer, expected, new RequestFacts { Seconds = "4", Size = "1792x1024" });

    [Fact]
    public void Video_ThatIsRead_IsFree() => Cut.Anywhere(
        MeterKind.Video,
        Cut.Json,
        """{"object":"video","model":"sora-2","seconds":"8","size":"720x1280","status":"completed"}""",
        "sora-2 default free",
        new RequestFacts { IsRead = true });

    [Fact]
    public void Video_OfUnknownLength_IsUnmetered()
        => Cut.Anywhere(MeterKind.Video, Cut.Json, """{"object":"video","status":"queued"}""", "- default unmetered");

    private static void Image(string answer, string expected, RequestFacts? facts = null)
        => Cut.Anywhere(MeterKind.Image, Cut.Json, answer, expected, facts);
}
