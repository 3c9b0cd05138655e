namespace OpenAIProxy.ServiceDefaults.Configuration;

/// <summary>A length of time. Default, range and examples are written as <see cref="Durations"/> says, and shown as they are written.</summary>
public sealed class DurationSetting(string name, string? @default, string min, string max, string meaning, string? examples = null)
    : Setting<TimeSpan>(name, @default, $"a time from {min} to {max}, such as {examples ?? @default}", meaning)
{
    private readonly TimeSpan _min = Durations.Parse(min);
    private readonly TimeSpan _max = Durations.Parse(max);

    internal override bool TryParse(string text, out TimeSpan value) => Durations.TryParse(text, out value) && value >= _min && value <= _max;
}
