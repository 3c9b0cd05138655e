namespace OpenAIProxy.Pricing.Files;

/// <summary>Collects what is wrong with a price file.</summary>
internal sealed class Problems(LineNumbers lines)
{
    private readonly List<(int Line, string Text)> _found = [];

    /// <summary>The model of the row that is being read; empty outside rows.</summary>
    public string Model { get; set; } = "";

    /// <summary>The errors in the order of the file.</summary>
    public IReadOnlyList<string> InOrder => [.. _found.OrderBy(p => p.Line).Select(p => p.Text)];

    /// <summary>Notes that there is something wrong at <paramref name="path"/>.</summary>
    public void Add(string path, string text)
    {
        var line = lines.Of(path);
        var model = Model.Length == 0 ? "" : $" ({Model})";
        var place = path.Length == 0 ? "" : $" {path}{model}";
        _found.Add((line, $"line {line},{place}: {text}"));
    }
}
