using OpenAIProxy.BillingService.Pages.Texts;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Pages;

/// <summary>How the pages show a key. This is the one place that a key's name would come from; until keys have names, their ids are shortened.</summary>
internal static class KeyLabel
{
    private const int First = 8;
    private const int Last = 4;

    /// <summary><c>key_9f86…eaa0</c> for <c>key_9f86d081884c7d659a2feaa0</c>.</summary>
    public static string Of(string key, Words words)
    {
        if (key == UsageDimensions.Anonymous)
        {
            return words.Anonymous;
        }

        return key.Length > First + Last + 1 ? $"{key[..First]}…{key[^Last..]}" : key;
    }
}
