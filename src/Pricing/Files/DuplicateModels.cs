namespace OpenAIProxy.Pricing.Files;

/// <summary>Finds models that one file prices twice.</summary>
internal sealed class DuplicateModels(Problems problems)
{
    private readonly Dictionary<string, HashSet<DateOnly>> _models = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, (string Model, string Path)> _also = new(StringComparer.OrdinalIgnoreCase);

    public void Add(PriceRow row, string path)
    {
        if (!_models.TryGetValue(row.Model, out var dates))
        {
            _models.Add(row.Model, dates = []);
        }

        if (!dates.Add(row.From))
        {
            problems.Add(path, row.From == DateOnly.MinValue
                ? $"{row.Model} has two prices without a date; give one of them another from"
                : $"{row.Model} has two prices from {row.From:yyyy-MM-dd} on");
        }

        foreach (var (i, name) in row.Also.Index())
        {
            var place = $"{path}.also[{i}]";
            if (!_also.TryAdd(name, (row.Model, place)) && _also[name].Model != row.Model)
            {
                problems.Add(place, $"{name} is also {_also[name].Model}; a name can stand for one model only");
            }
        }
    }

    /// <summary>To be called after the last row.</summary>
    public void Check()
    {
        foreach (var (name, (model, path)) in _also)
        {
            if (_models.ContainsKey(name))
            {
                problems.Add(path, $"{name} has prices of its own, it can't be {model} too");
            }
        }
    }
}
