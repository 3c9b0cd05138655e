namespace OpenAIProxy.ServiceDefaults.Configuration;

/// <summary>A setting with one value, whose text stands for a <typeparamref name="T"/>.</summary>
public abstract class Setting<T>(string name, string? @default, string allowed, string meaning) : Setting(name, @default, allowed, meaning)
{
    private readonly string? _default = @default;

    /// <summary>The value that holds when nothing is set. It is read from the default that people are told of, so the two are the same.</summary>
    internal T? Fallback()
    {
        T? value = default;
        return _default is null || TryParse(_default, out value) ? value : throw new FormatException($"{Name} can't be {_default}, its default.");
    }

    /// <summary>Reads the value. False if it is not what is allowed.</summary>
    internal abstract bool TryParse(string text, out T? value);
}
