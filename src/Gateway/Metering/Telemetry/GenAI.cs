namespace OpenAIProxy.Gateway.Metering.Telemetry;

/// <summary>Names and buckets of OpenTelemetry's GenAI conventions, which are still in development: they stand here and nowhere else.</summary>
internal static class GenAI
{
    public const string MeterName = "OpenAIProxy.Gateway.Usage";
    public const string TokenUsage = "gen_ai.client.token.usage";
    public const string Duration = "gen_ai.client.operation.duration";
    public const string FirstToken = "gen_ai.server.time_to_first_token";
    public const string OperationName = "gen_ai.operation.name";
    public const string ProviderName = "gen_ai.provider.name";
    public const string RequestModel = "gen_ai.request.model";
    public const string ResponseModel = "gen_ai.response.model";
    public const string TokenType = "gen_ai.token.type";
    public const string InputTokens = "gen_ai.usage.input_tokens";
    public const string OutputTokens = "gen_ai.usage.output_tokens";
    public const string CacheReadTokens = "gen_ai.usage.cache_read.input_tokens";
    public const string CacheWriteTokens = "gen_ai.usage.cache_creation.input_tokens";
    public const string ReasoningTokens = "gen_ai.usage.reasoning.output_tokens";
    public const string Provider = "openai";
    public const string Input = "input";
    public const string Output = "output";
    public const string Other = "other";
    public const string Cut = "cut";

    public static long[] TokenBuckets => [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864];

    /// <summary>Seconds; beyond those of the conventions, for models that think for minutes.</summary>
    public static double[] DurationBuckets =>
        [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92, 163.84, 327.68, 655.36, 1310.72];

    /// <summary>Seconds.</summary>
    public static double[] FirstTokenBuckets =>
        [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30, 60, 120, 300, 600, 1200];

    /// <summary>The conventions' word for an endpoint; where they have none, ours.</summary>
    public static string OperationOf(string endpoint) => endpoint switch
    {
        "completions" => "text_completion",
        "responses" => "chat",
        _ => endpoint,
    };
}
