using OpenAIProxy.Gateway.Limits.Rules;

namespace OpenAIProxy.Gateway.Limits;

/// <summary>What limits are called in answers and metrics.</summary>
internal static class LimitNames
{
    private static readonly string[] Measures = ["requests", "tokens", "input_tokens", "output_tokens", "concurrency", "spending"];
    private static readonly string[] Scopes = ["key", "team", "address", "total"];

    /// <summary>The name of what is counted.</summary>
    public static string Of(LimitMeasure measure) => Measures[(int)measure];

    /// <summary>The name of who shares it.</summary>
    public static string Of(LimitScope scope) => Scopes[(int)scope];
}
