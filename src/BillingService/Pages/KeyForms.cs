using OpenAIProxy.BillingService.Keys;
using OpenAIProxy.BillingService.Pages.Texts;
using OpenAIProxy.BillingService.Pages.Views;

namespace OpenAIProxy.BillingService.Pages;

/// <summary>The form for an access key: what stands in it, and what was sent by it.</summary>
internal static class KeyForms
{
    private static readonly char[] Between = [',', '\n', '\r'];

    // A new key may be used; there is no need to ask.
    private static readonly KeyField[] OfNew = [.. KeyFields.All.Where(field => field.Kind != KeyFieldKind.Switch)];

    /// <summary>The fields of a form as they are for a key; null for a new one.</summary>
    public static IReadOnlyList<KeyFormField> Of(ManagedKey? key, KeyTexts texts) => Show(
        key is null, texts, field => key is null ? "" : string.Join(field.Kind == KeyFieldKind.List ? ", " : ";", field.Get(key.Record)), []);

    /// <summary>The fields as they were sent, with those that are wrong.</summary>
    public static IReadOnlyList<KeyFormField> Of(IFormCollection form, bool isNew, IReadOnlyList<FieldError> wrong, KeyTexts texts)
        => Show(isNew, texts, field => form[field.Name].ToString(), wrong);

    /// <summary>What was sent, for the key. A box that isn't ticked is not sent.</summary>
    public static IReadOnlyList<KeyValue> Read(IFormCollection form, bool isNew)
        => [.. (isNew ? OfNew : KeyFields.All).Select(field => new KeyValue(field, Texts(field, form[field.Name].ToString())))];

    /// <summary>What is wrong, in words.</summary>
    public static string Errors(IReadOnlyList<FieldError> wrong, KeyTexts texts) => string.Join(' ', wrong.Select(error => texts.Wrong
        .Replace("{0}", texts.Label(error.Name), StringComparison.Ordinal).Replace("{1}", error.Message, StringComparison.Ordinal)));

    private static IReadOnlyList<KeyFormField> Show(bool isNew, KeyTexts texts, Func<KeyField, string> value, IReadOnlyList<FieldError> wrong)
        => [.. (isNew ? OfNew : KeyFields.All).Select(field => new KeyFormField(
            field.Name, texts.Label(field.Name), value(field), KeyTexts.Example(field.Name), field.Kind == KeyFieldKind.Switch,
            wrong.Any(error => error.Name == field.Name)))];

    private static string[] Texts(KeyField field, string text)
    {
        if (field.Kind == KeyFieldKind.Switch)
        {
            return [text == "true" ? "true" : "false"];
        }

        if (field.Kind == KeyFieldKind.List)
        {
            return text.Split(Between, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        }

        return text.Trim() is { Length: > 0 } value ? [value] : [];
    }
}
