// A photographer's studio as a formula: what a polished surface reflects is worked out for each
// point, from two soft boxes, a ceiling and the floor. No environment map has to be drawn and
// blurred first, which takes a machine without graphics hardware many seconds.

const STUDIO = /* glsl */ `
uniform float stageTurn;
uniform float stageHigh;
// Light from above left: it falls off towards the floor and to the right, as on the elevation.
float stageFall( vec3 at ) {
	float aside = at.x * cos( stageTurn ) - at.z * sin( stageTurn );
	return mix( 0.87, 1.05, smoothstep( -0.1, 1.1, at.y / stageHigh ) ) - 0.05 * aside / stageHigh;
}
float stageBox( float at, float middle, float half_, float soft ) {
	return smoothstep( middle - half_ - soft, middle - half_ + soft, at )
		- smoothstep( middle + half_ - soft, middle + half_ + soft, at );
}
vec3 stageLight( vec3 way, float rough ) {
	float c = cos( stageTurn ), s = sin( stageTurn );
	way = vec3( c * way.x - s * way.z, way.y, s * way.x + c * way.z );
	float soft = 0.05 + 0.85 * rough;
	float turn = atan( way.x, way.z );
	float rise = asin( clamp( way.y, -1.0, 1.0 ) );
	float room = mix( 0.34, 0.8, smoothstep( -0.5 - soft, 0.55 + soft, way.y ) );
	float key = stageBox( turn, -1.0, 0.5, soft ) * stageBox( rise, 0.3, 0.62, soft );
	float rim = stageBox( turn, 1.12, 0.13, soft ) * stageBox( rise, 0.15, 0.9, soft );
	float front = stageBox( turn, 0.12, 0.2, soft ) * stageBox( rise, 0.75, 0.3, soft );
	vec3 warm = vec3( 1.0, 0.985, 0.96 ), cool = vec3( 0.95, 0.98, 1.0 );
	return room * mix( warm, cool, 0.5 + 0.5 * way.y )
		+ warm * ( 1.05 * key + 0.5 * front ) + cool * 0.8 * rim;
}`;

/** How far the camera has turned: the studio turns with it, as if the product stood on a disc. */
export const turned = { value: 0 };

/** Height of the product, in metres. */
export const high = { value: 1 };

/** Let the studio shine on a material: ``onBeforeCompile`` of three.js. */
export function studio(/** @type {any} */ shader) {
  shader.uniforms.stageTurn = turned;
  shader.uniforms.stageHigh = high;
  shader.fragmentShader = shader.fragmentShader
    .replace("void main() {", `${STUDIO}\nvoid main() {`)
    .replace(
      "#include <lights_fragment_end>",
      `radiance += stageLight( normalize( ( vec4( reflect( - geometryViewDir, geometryNormal ), 0.0 ) * viewMatrix ).xyz ), material.roughness );
	#include <lights_fragment_end>
	float fall = stageFall( cameraPosition + ( vec4( - vViewPosition, 0.0 ) * viewMatrix ).xyz );
	reflectedLight.directDiffuse *= fall;
	reflectedLight.indirectDiffuse *= fall;`,
    );
}
