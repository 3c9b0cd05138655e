using OpenAIProxy.Usage.Answers;
using OpenAIProxy.Usage.Endpoints;

namespace OpenAIProxy.Usage.Tests.Answers;

/// <summary>Media that were heard or made have tokens; 0 of them is not believed, and what else is known counts.</summary>
public sealed class ZeroUsageTests
{
    private const string Zero = "\"usage\":{\"input_tokens\":0,\"output_tokens\":0,\"total_tokens\":0}";

    [Theory]
    [InlineData("\"duration\":3.2,", "- default milliseconds quantity=3200")]
    [InlineData("", "- default unmetered")]
    public void Transcription_WithZeroTokens_IsToldByItsTime(string duration, string expected)
        => Cut.Anywhere(MeterKind.Transcription, Cut.Json, "{" + duration + "\"text\":\"hi\"," + Zero + "}", expected);

    [Fact]
    public void Transcription_WithAnotherServersTimeAsText_IsToldByIt()
        => Cut.Anywhere(MeterKind.Transcription, Cut.Json, """{"text":"hi","usage":{"type":"duration","seconds":"9"}}""", "- default milliseconds quantity=9000");

    [Fact]
    public void Speech_WithZeroTokens_IsEstimatedByItsCharacters() => Cut.Anywhere(
        MeterKind.Speech,
        Cut.Events,
        "data: {\"type\":\"speech.audio.done\"," + Zero + "}\n\n",
        "- default characters quantity=30 estimated",
        new RequestFacts { Characters = 30 });

    [Fact]
    public void Image_WithZeroTokens_IsToldByItsNumber() => Cut.Anywhere(
        MeterKind.Image,
        Cut.Json,
        "{\"model\":\"gpt-image-1\",\"size\":\"1024x1024\",\"quality\":\"low\",\"data\":[{}]," + Zero + "}",
        "gpt-image-1 default image:low 1024x1024 quantity=1 estimated");
}
