namespace Laurel.App.Features.Settings;

/// <summary>Setting up from a file: the verb <c>apply</c>, and the same through the API.</summary>
public static class SettingsFeature
{
    public static IServiceCollection AddSettings(this IServiceCollection services) => services.AddSingleton<ApplySetup>();
}
