using OpenAIProxy.BillingService.Pages.Texts;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Pages;

/// <summary>How a page shows its keys: by the name that the operator gave, else by the key's last characters, else by its id, shortened.</summary>
/// <param name="labels">What is known of the keys on the page, by their ids.</param>
/// <param name="words">The page's words.</param>
internal sealed class KeyNames(IReadOnlyDictionary<string, KeyLabel> labels, Words words)
{
    private const int First = 8;
    private const int Last = 4;

    // A key that replaces another may have its name.
    private readonly HashSet<string> _shared = [.. labels.Values.GroupBy(label => label.Name).Where(same => same.Count() > 1).Select(same => same.Key)];

    /// <summary><c>ann</c>; <c>ann …x3f9</c> beside another of that name; <c>…x3f9</c>; or <c>key_9f86…eaa0</c>.</summary>
    public string Of(string key)
    {
        if (key == UsageDimensions.Anonymous)
        {
            return words.Anonymous;
        }

        var label = labels.GetValueOrDefault(key);
        var ending = label is { Ending.Length: > 0 } ? $"…{label.Ending}" : "";
        if (label is { Name: { Length: > 0 } name })
        {
            return _shared.Contains(name) ? $"{name} {(ending.Length > 0 ? ending : Short(key))}" : name;
        }

        return ending.Length > 0 ? ending : Short(key);
    }

    // key_9f86d081884c7d659a2feaa0
    private static string Short(string key) => key.Length > First + Last + 1 ? $"{key[..First]}…{key[^Last..]}" : key;
}
