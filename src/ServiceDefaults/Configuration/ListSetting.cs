namespace OpenAIProxy.ServiceDefaults.Configuration;

/// <summary>Several texts. There are none by default.</summary>
public sealed class ListSetting(string name, string allowed, string meaning) : Setting(name, null, allowed, meaning);
