namespace OpenAIProxy.ServiceDefaults.Configuration;

/// <summary>An amount of memory, in bytes. Default and range are written as <see cref="Sizes"/> says, and shown to people as they are written.</summary>
public sealed class SizeSetting(string name, string @default, string min, string max, string meaning, string examples)
    : Setting<long>(name, @default, $"a size from {min} to {max}, such as {examples}", meaning)
{
    private readonly long _min = Sizes.Parse(min);
    private readonly long _max = Sizes.Parse(max);

    internal override bool TryParse(string text, out long value) => Sizes.TryParse(text, out value) && value >= _min && value <= _max;
}
