using System.Data.Common;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Layout;
using Laurel.Storage;
using Microsoft.AspNetCore.Authentication;

namespace Laurel.App.Features.ApiKeys;

/// <summary>Keys with which programs use the API: made on a page or the command line, shown once, kept as hashes.</summary>
public static class ApiKeysFeature
{
    public static IServiceCollection AddApiKeys(this IServiceCollection services)
    {
        services.AddSingleton<ApiKeyStore>().AddSingleton<TryIt>().AddHostedService<KeyUses>();
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, ApiKeyDoor>(AccessFeature.ApiScheme, null);
        services.PostConfigure<ProblemDetailsOptions>(NameTheScope);
        services.AddSingleton(new MenuEntry("API keys", "key", "/api-keys", Permissions.ApiKeysManage, 70, MenuSection.Admin));
        return services;
    }

    /// <summary>A key that lacks a scope is told which.</summary>
    private static void NameTheScope(ProblemDetailsOptions options)
    {
        var others = options.CustomizeProblemDetails;
        options.CustomizeProblemDetails = context =>
        {
            others?.Invoke(context);
            if (context.ProblemDetails.Status != StatusCodes.Status403Forbidden || !AccessFeature.IsApi(context.HttpContext)
                || context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<RequiresPermissionAttribute>() is not { Permission: var needed })
                return;
            var scopes = ApiScope.All.Where(s => s.Permissions.Contains(needed, StringComparer.Ordinal)).Select(s => s.Name).ToList();
            if (scopes.Count == 0) return;
            context.ProblemDetails.Detail = $"This needs a key with the scope {string.Join(" or ", scopes)}, which this key lacks. "
                + "Make one on the page API keys, or with laurel key create.";
        };
    }

    /// <summary>Writes once a minute, and at the end, when keys were last used.</summary>
    private sealed class KeyUses(ApiKeyStore keys, ILogger<KeyUses> log) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            using var minute = new PeriodicTimer(TimeSpan.FromMinutes(1));
            try
            {
                while (await minute.WaitForNextTickAsync(stoppingToken)) Flush();
            }
            catch (OperationCanceledException)
            {
                Flush();
            }
        }

        private void Flush()
        {
            try
            {
                keys.Flush();
            }
            catch (Exception failed) when (failed is DbException || Outage.Is(failed))
            {
                // Nothing is lost but a time of day; the next minute tries again.
                log.LogWarning("When keys were last used could not be written: {Why}", failed.Message);
            }
        }
    }
}
