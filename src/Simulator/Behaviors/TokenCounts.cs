namespace OpenAIProxy.Simulator.Behaviors;

/// <summary>The numbers in <c>usage</c>. Cached, written and audio input are parts of prompt, reasoning and audio output of completion.</summary>
internal readonly record struct TokenCounts(int Prompt, int Completion, int Cached, int Reasoning)
{
    public static readonly TokenCounts Default = new(20, 8, 0, 0);

    public int CacheWrite { get; init; }

    public int AudioInput { get; init; }

    public int AudioOutput { get; init; }

    public long Total => (long)Prompt + Completion;
}
