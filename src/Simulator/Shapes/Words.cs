namespace OpenAIProxy.Simulator.Shapes;

/// <summary>What the simulator says. Some words have characters of four bytes in UTF-8, since those are what careless gateways break.</summary>
internal static class Words
{
    private static readonly string[] All = ["Hello", " 👋", " from", " the", " simulator", " 🚀", " — 你好", " 🌍"];

    public static string Text { get; } = string.Concat(All);

    /// <summary>How many there are before they repeat.</summary>
    public static int Count => All.Length;

    public static string At(int index) => All[index % All.Length];

    /// <summary>The first <paramref name="count"/> words.</summary>
    public static string Join(int count) => string.Concat(Enumerable.Range(0, count).Select(At));
}
