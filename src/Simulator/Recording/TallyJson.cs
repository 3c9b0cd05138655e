using OpenAIProxy.Simulator.Shapes;

namespace OpenAIProxy.Simulator.Recording;

/// <summary>A row of the tally as JSON.</summary>
internal static class TallyJson
{
    public static string Of(TallyRow row) =>
        $$"""
        {"tag":{{Json.Quote(row.Tag)}},"family":{{Json.Quote(row.Family)}},"model":{{Json.Quote(row.Model)}},"begun":{{row.Begun}},"answered":{{row.Answered}},
        "promptTokens":{{row.PromptTokens}},"completionTokens":{{row.CompletionTokens}},"cachedTokens":{{row.CachedTokens}},"reasoningTokens":{{row.ReasoningTokens}}}
        """;
}
