namespace OpenAIProxy.Simulator.Behaviors;

/// <summary>The numbers in <c>usage</c>. Cached is a part of prompt, reasoning a part of completion.</summary>
internal readonly record struct TokenCounts(int Prompt, int Completion, int Cached, int Reasoning)
{
    public static readonly TokenCounts Default = new(20, 8, 0, 0);

    public long Total => (long)Prompt + Completion;
}
