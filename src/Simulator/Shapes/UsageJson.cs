using OpenAIProxy.Simulator.Behaviors;

namespace OpenAIProxy.Simulator.Shapes;

/// <summary><c>usage</c> objects, one form for each family of endpoints.</summary>
internal static class UsageJson
{
    public static string Completion(TokenCounts t) =>
        $$$"""{"prompt_tokens":{{{t.Prompt}}},"completion_tokens":{{{t.Completion}}},"total_tokens":{{{t.Total}}},"prompt_tokens_details":{"cached_tokens":{{{t.Cached}}}{{{CacheWrite(t)}}},"audio_tokens":{{{t.AudioInput}}}},"completion_tokens_details":{"reasoning_tokens":{{{t.Reasoning}}},"audio_tokens":{{{t.AudioOutput}}},"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}""";

    public static string Response(TokenCounts t) =>
        $$$"""{"input_tokens":{{{t.Prompt}}},"input_tokens_details":{"cached_tokens":{{{t.Cached}}},"cache_write_tokens":{{{t.CacheWrite}}}},"output_tokens":{{{t.Completion}}},"output_tokens_details":{"reasoning_tokens":{{{t.Reasoning}}}},"total_tokens":{{{t.Total}}}}""";

    public static string Embedding(TokenCounts t) => $$"""{"prompt_tokens":{{t.Prompt}},"total_tokens":{{t.Prompt}}}""";

    public static string Image(TokenCounts t) =>
        $$$"""{"input_tokens":{{{t.Prompt}}},"input_tokens_details":{"text_tokens":{{{t.Prompt}}},"image_tokens":0},"output_tokens":{{{t.Completion}}},"output_tokens_details":{"image_tokens":{{{t.Completion}}},"text_tokens":0},"total_tokens":{{{t.Total}}}}""";

    public static string Speech(TokenCounts t) =>
        $$"""{"input_tokens":{{t.Prompt}},"output_tokens":{{t.Completion}},"total_tokens":{{t.Total}}}""";

    public static string Transcription(TokenCounts t) =>
        $$$"""{"type":"tokens","input_tokens":{{{t.Prompt}}},"input_token_details":{"text_tokens":0,"audio_tokens":{{{t.Prompt}}}},"output_tokens":{{{t.Completion}}},"total_tokens":{{{t.Total}}}}""";

    public static string Duration(int seconds) => $$"""{"type":"duration","seconds":{{seconds}}}""";

    public static string Realtime(TokenCounts t) =>
        $$$"""{"total_tokens":{{{t.Total}}},"input_tokens":{{{t.Prompt}}},"output_tokens":{{{t.Completion}}},"input_token_details":{"cached_tokens":{{{t.Cached}}},"text_tokens":{{{t.Prompt - t.AudioInput}}},"image_tokens":0,"audio_tokens":{{{t.AudioInput}}},"cached_tokens_details":{"text_tokens":{{{t.Cached}}},"image_tokens":0,"audio_tokens":0}},"output_token_details":{"text_tokens":{{{t.Completion - t.AudioOutput}}},"audio_tokens":{{{t.AudioOutput}}}}}""";

    /// <summary>Of runs: neither details nor anything else.</summary>
    public static string Run(TokenCounts t) => $$"""{"prompt_tokens":{{t.Prompt}},"completion_tokens":{{t.Completion}},"total_tokens":{{t.Total}}}""";

    // Models that report none don't have the member at all.
    private static string CacheWrite(TokenCounts t) => t.CacheWrite == 0 ? "" : $",\"cache_write_tokens\":{t.CacheWrite}";
}
