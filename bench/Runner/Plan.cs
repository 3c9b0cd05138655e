namespace OpenAIProxy.Runner;

/// <summary>How much is measured.</summary>
/// <param name="Rounds">Counted rounds of the measures under load; one more goes before them and isn't counted.</param>
/// <param name="Round">How long one subject is measured in one round.</param>
/// <param name="WarmUp">
/// How long a subject runs in the round that isn't counted, if it has just started. .NET counts calls and branches in code that it hasn't
/// compiled to the end, which costs a fifth of a busy core and more, and with that one core it takes half a minute to get there.
/// </param>
/// <param name="NextWarmUp">The same if it has been under another load before.</param>
/// <param name="FreshStarts">How often each subject is started anew for the measures of memory and start-up.</param>
/// <param name="FreshWarmUp">How long a subject that was started anew gets small requests.</param>
/// <param name="UntilCalm">How long to wait before memory is read.</param>
/// <param name="IdleStreams">How many streams are open when memory is read, ascending.</param>
/// <param name="Unpaced">Whether streams without pauses are measured too.</param>
internal sealed record Plan(
    int Rounds,
    TimeSpan Round,
    TimeSpan WarmUp,
    TimeSpan NextWarmUp,
    int FreshStarts,
    TimeSpan FreshWarmUp,
    TimeSpan UntilCalm,
    IReadOnlyList<int> IdleStreams,
    bool Unpaced)
{
    public static Plan Full { get; } = new(
        8, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(8), 3,
        TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1.5), [1000, 5000], Unpaced: true);

    public static Plan Quick { get; } = new(
        3, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(2), 1,
        TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), [1000], Unpaced: false);
}
